/** What every page loads. Elements that a page has not don't run; htmx comes only where a page asks for it. */
import { page } from "./data/page";
import "./data/shortcuts";
import "./data/arrows";
import "./data/closing";
import "./elements/ticking-clock";
import "./elements/relative-time";
import "./elements/toast-region";
import "./elements/tool-tip";
import "./elements/theme-toggle";
import "./elements/connection-state";
import "./elements/running-timer";
import "./elements/live-part";
import "./elements/business-mark";
import "./elements/copy-text";
import "./elements/command-palette";
import "./elements/mention-count";
import "./elements/whose-notices";

if (page.worker && "serviceWorker" in navigator) void navigator.serviceWorker.register(page.worker, { scope: "/" }).catch(() => undefined);
if (document.querySelector("[hx-get], [hx-post], [hx-boost]")) void loaded().then(() => import("./data/htmx"));

if (document.querySelector("business-tree")) void import("./elements/business-tree");
if (document.querySelector("department-tree")) void import("./elements/department-tree");

/** htmx looks at the page when it comes, or when the page has come; in between it would wait for ever. */
function loaded(): Promise<unknown> {
  if (document.readyState === "complete") return Promise.resolve();
  return new Promise((resolve) => addEventListener("load", resolve, { once: true }));
}
