/** Arrows go through a list: up and down move the focus between the first links of `<ul data-arrows>`. */
const STEPS: Record<string, (items: HTMLElement[], here: number) => HTMLElement | undefined> = {
  ArrowDown: (items, here) => items[here + 1],
  ArrowUp: (items, here) => items[here - 1],
  Home: (items) => items[0],
  End: (items) => items[items.length - 1],
};

document.addEventListener("keydown", (press) => {
  const step = STEPS[press.key];
  const { target } = press;
  if (!step || press.defaultPrevented || press.ctrlKey || press.altKey || press.metaKey || !(target instanceof HTMLElement)) return;
  const line = target.closest("[data-arrows] > li");
  if (!line || target.matches("input, textarea, select")) return;
  const lines = [...(line.parentElement?.children ?? [])].filter(first);
  const next = step(lines.map((each) => first(each) as HTMLElement), lines.indexOf(line));
  if (!next) return;
  press.preventDefault();
  next.focus();
});

function first(line: Element): HTMLElement | null {
  return line.querySelector<HTMLElement>("a[href], button");
}
