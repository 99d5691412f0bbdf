/** What every page loads. Elements that a page has not don't run; htmx comes only where a page asks for it. */
import { page } from "./data/page";
import "./data/shortcuts";
import "./data/arrows";
import "./data/closing";
import "./data/refused";
import "./elements/shell/ticking-clock";
import "./elements/shell/relative-time";
import "./elements/shell/toast-region";
import "./elements/shell/tool-tip";
import "./elements/shell/theme-toggle";
import "./elements/shell/connection-state";
import "./elements/shell/running-timer";
import "./elements/shell/live-part";
import "./elements/shell/business-mark";
import "./elements/shell/copy-text";
import "./elements/shell/command-palette";
import "./elements/shell/mention-count";
import "./elements/shell/whose-notices";

if (page.worker && "serviceWorker" in navigator) void navigator.serviceWorker.register(page.worker, { scope: "/" }).catch(() => undefined);
if (document.querySelector("[hx-get], [hx-post], [hx-boost]")) void loaded().then(() => import("./data/htmx"));

if (document.querySelector("business-tree")) void import("./elements/lists/business-tree");
if (document.querySelector("department-tree")) void import("./elements/lists/department-tree");

/** htmx looks at the page when it comes, or when the page has come; in between it would wait for ever. */
function loaded(): Promise<unknown> {
  if (document.readyState === "complete") return Promise.resolve();
  return new Promise((resolve) => addEventListener("load", resolve, { once: true }));
}
