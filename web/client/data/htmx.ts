/** htmx, set by the page's `htmx-config` to evaluate nothing and to write no styles of its own. */
import "htmx.org/dist/htmx.esm.js";
