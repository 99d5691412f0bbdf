/** htmx, set by the page's `htmx-config` to evaluate nothing and to write no styles of its own. */
import "htmx.org/dist/htmx.esm.js";
import { page } from "./page";

document.body.addEventListener("htmx:configRequest", (event) => {
  (event as CustomEvent<{ headers: Record<string, string> }>).detail.headers["X-CSRF-Token"] = page.csrf;
});
