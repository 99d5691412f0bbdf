/** A button with a menu. The list is a popover, so nothing clips it, and on a phone it comes up from below. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { folded } from "../../models/folding";
import { step } from "../../models/steps";
import { icon } from "../icon";
import { LightElement } from "../light-element";

export interface MenuItem {
  label: string;
  act: () => void;
  icon?: string;
  note?: string;
  checked?: boolean;
  /** Several may be checked at a time. */
  several?: boolean;
  danger?: boolean;
  /** The menu stays open after it, for more of its kind. */
  stays?: boolean;
  disabled?: boolean;
  /** A dot in this colour stands before it. */
  color?: string;
}

export type MenuLine = MenuItem | { heading: string };

@customElement("room-menu")
export class RoomMenuElement extends LightElement {
  /** Asked for when the menu opens. */
  @property({ attribute: false }) lines: () => MenuLine[] = () => [];
  @property({ attribute: false }) face: TemplateResult | string = "";
  @property() label = "";
  @property() keys = "";
  @property({ attribute: "button-class" }) buttonClass = "btn btn-ghost-secondary btn-icon btn-sm";
  @property({ type: Boolean }) disabled = false;
  /** More than one: its items stand in a grid, through which all four arrows go. */
  @property({ type: Number }) columns = 1;
  @state() private open = false;
  @query(":scope > button") private button!: HTMLButtonElement;
  @query(":scope > .menu-sheet") private sheet!: HTMLElement;

  /** Opens it, as a key or another button may. */
  show(): void {
    if (!this.disabled && !this.open) this.button.click();
  }

  protected override render() {
    return html`
      <button
        type="button"
        class=${this.buttonClass}
        aria-haspopup="menu"
        aria-expanded=${this.open ? "true" : "false"}
        aria-label=${this.label || nothing}
        data-tip=${this.label || nothing}
        data-key=${this.keys || nothing}
        ?disabled=${this.disabled}
      >
        ${this.face}
      </button>
      <div
        class="menu-sheet ${this.columns > 1 ? "menu-grid" : ""}"
        role="menu"
        popover="auto"
        aria-label=${this.label || nothing}
        @beforetoggle=${this.opening}
        @keydown=${this.pressed}
      >
        ${this.open ? this.lines().map((line) => this.drawn(line)) : nothing}
      </div>
    `;
  }

  protected override firstUpdated(): void {
    this.button.popoverTargetElement = this.sheet;
  }

  private drawn(line: MenuLine) {
    if ("heading" in line) return html`<div class="menu-heading" role="presentation">${line.heading}</div>`;
    const choice = line.several ? "menuitemcheckbox" : "menuitemradio";
    const chosen = line.checked !== undefined;
    return html`
      <button
        type="button"
        tabindex="-1"
        role=${chosen ? choice : "menuitem"}
        aria-checked=${chosen ? String(line.checked) : nothing}
        aria-disabled=${line.disabled ? "true" : nothing}
        class="menu-item ${line.danger ? "menu-item-danger" : ""}"
        @click=${() => this.chosen(line)}
      >
        ${line.icon ? icon(line.icon) : nothing}
        ${line.color ? html`<span class="menu-dot" data-color=${line.color}></span>` : nothing}
        <span class="menu-label">${line.label}</span>
        ${line.note ? html`<span class="menu-note">${line.note}</span>` : nothing}
        ${line.checked ? icon("check", "menu-checked") : nothing}
      </button>
    `;
  }

  private opening(event: ToggleEvent): void {
    this.open = event.newState === "open";
    // The sheet is shown, and so can be measured, only after this event.
    if (this.open) requestAnimationFrame(() => this.settle());
  }

  private settle(): void {
    this.place();
    const first = this.items.find((item) => item.getAttribute("aria-checked") === "true") ?? this.items[0];
    first?.focus();
  }

  /** Under the button, or above it where there is no room; a phone's sheet is placed by its style. */
  private place(): void {
    const { sheet } = this;
    sheet.style.left = sheet.style.top = "";
    if (matchMedia("(max-width: 767.98px)").matches) return;
    const button = this.button.getBoundingClientRect();
    const size = sheet.getBoundingClientRect();
    const below = button.bottom + 4 + size.height <= innerHeight || button.top < size.height + 4;
    const left = button.left + size.width <= innerWidth - 8 ? button.left : button.right - size.width;
    sheet.style.left = `${Math.max(8, left)}px`;
    sheet.style.top = `${Math.max(8, below ? button.bottom + 4 : button.top - size.height - 4)}px`;
  }

  private get items(): HTMLElement[] {
    return [...this.sheet.querySelectorAll<HTMLElement>(".menu-item")];
  }

  private chosen(item: MenuItem): void {
    if (item.disabled) return;
    if (item.stays) return item.act();
    this.sheet.hidePopover();
    this.button.focus();
    item.act();
  }

  private pressed(event: KeyboardEvent): void {
    event.stopPropagation();
    const { items } = this;
    const place = items.indexOf(document.activeElement as HTMLElement);
    const next = step(event.key, place, items.length, this.columns);
    if (next !== undefined) {
      event.preventDefault();
      items[next]?.focus();
    } else if (event.key === "Tab") {
      this.sheet.hidePopover();
    } else if (event.key.length === 1) {
      const letter = folded(event.key);
      const after = [...items.slice(place + 1), ...items.slice(0, place + 1)];
      after.find((item) => letter && folded(item.innerText).startsWith(letter))?.focus();
    }
  }
}
