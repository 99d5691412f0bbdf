import { html } from "lit";
import type { TemplateResult } from "lit";
import { cap, shortcuts } from "../../data/shortcuts";
import { LightElement } from "../light-element";

const AFTER = 350;

/** One for the page: shows `data-tip`, and the key, of what is pointed at or has the focus. Escape hides it. */
export class ToolTipElement extends LightElement {
  private target: HTMLElement | null = null;
  private due: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.className = "tip";
    this.setAttribute("role", "tooltip");
    this.setAttribute("popover", "manual");
    this.listen(document, "pointerover", (event) => this.consider(event));
    this.listen(document, "focusin", (event) => this.consider(event));
    this.listen(document, "focusout", () => this.hide());
    this.listen(document, "pointerdown", () => this.hide());
    this.listen(window, "scroll", () => this.hide());
    this.listen<KeyboardEvent>(document, "keydown", ({ key }) => key === "Escape" && this.hide());
  }

  protected override render(): TemplateResult {
    const { tip = "", key } = this.target?.dataset ?? {};
    return html`${tip}${key && shortcuts.on ? html` <kbd>${cap(key)}</kbd>` : ""}`;
  }

  private consider(event: Event): void {
    const found = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-tip]") : null;
    if (found === this.target) return;
    this.hide();
    if (!found || (event.type === "focusin" && !found.matches(":focus-visible"))) return;
    this.target = found;
    this.due = setTimeout(() => void this.show(found), AFTER);
  }

  private async show(target: HTMLElement): Promise<void> {
    this.requestUpdate();
    await this.updateComplete;
    if (this.target !== target || !target.isConnected) return;
    this.showPopover();
    const [at, own] = [target.getBoundingClientRect(), this.getBoundingClientRect()];
    const below = at.bottom + 6 + own.height < innerHeight;
    const left = Math.min(Math.max(8, at.left + at.width / 2 - own.width / 2), innerWidth - own.width - 8);
    this.style.left = `${left}px`;
    this.style.top = `${below ? at.bottom + 6 : at.top - own.height - 6}px`;
  }

  private hide(): void {
    clearTimeout(this.due);
    this.target = null;
    if (this.matches(":popover-open")) this.hidePopover();
  }
}

customElements.define("tool-tip", ToolTipElement);
