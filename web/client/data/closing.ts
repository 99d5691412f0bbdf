/** Escape, or a click elsewhere, closes what was opened over or inside a page and gives the focus back. */
const OVER = "details.more-places[open]";
const INSIDE = "details.line-more[open], details.tree-move[open]";

document.addEventListener("keydown", (press) => {
  if (press.key !== "Escape" || press.defaultPrevented || !(press.target instanceof Element)) return;
  const opened = press.target.closest(INSIDE) ?? document.querySelector(OVER);
  if (opened) close(opened);
});

document.addEventListener("click", ({ target }) => {
  const opened = document.querySelector(OVER);
  if (opened && target instanceof Node && !opened.contains(target)) opened.removeAttribute("open");
});

function close(opened: Element): void {
  opened.removeAttribute("open");
  opened.querySelector("summary")?.focus();
}
