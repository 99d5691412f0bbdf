import { html, svg } from "lit";
import type { SVGTemplateResult, TemplateResult } from "lit";
import { page } from "../data/page";

/** An icon of the page's sprite, as the templates' `icon()` draws it. Words beside it say what it means. */
export function icon(name: string, className = ""): TemplateResult {
  return html`<svg class="icon ${className}" aria-hidden="true" focusable="false">${use(name)}</svg>`;
}

function use(name: string): SVGTemplateResult {
  return svg`<use href="${page.icons}#${name}"></use>`;
}
