/** A page that came back with what is wrong in a form begins there. */
const wrong = document.querySelector<HTMLElement>('form [aria-invalid="true"], [form][aria-invalid="true"]');

if (wrong && (!document.activeElement || document.activeElement === document.body)) {
  wrong.closest("details")?.setAttribute("open", "");
  wrong.focus();
}
