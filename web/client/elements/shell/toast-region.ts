import { html } from "lit";
import type { TemplateResult } from "lit";
import { t } from "../../models/words";
import { icon } from "../icon";
import { LightElement } from "../light-element";

type Outcome = "done" | "error";

interface Note {
  number: number;
  text: string;
  kind: Outcome;
}

const STAYS = 6_000;

/**
 * Says at the edge of the screen what was done or failed, aloud too. What lies behind an open dialog can be neither read
 * well nor closed: while there is one, this stands in it.
 */
export class ToastRegionElement extends LightElement {
  private notes: Note[] = [];
  private count = 0;
  private place: ParentNode | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.place ??= this.parentNode;
    this.setAttribute("role", "status");
    this.listen<CustomEvent<Omit<Note, "number">>>(window, "atrium:toast", ({ detail }) => this.show(detail));
    for (const name of ["toggle", "close"]) {
      // Neither bubbles.
      document.addEventListener(name, this.move, true);
      this.until(() => document.removeEventListener(name, this.move, true));
    }
  }

  /** A dialog that goes without being closed doesn't take this along. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    queueMicrotask(() => this.isConnected || !this.place?.isConnected || this.place.append(this));
  }

  protected override render(): TemplateResult {
    return html`${this.notes.map(
      (note) => html`<div class="toast-note" data-kind=${note.kind}>
        ${note.kind === "error" ? icon("alert-triangle") : icon("circle-check")}
        <span>${note.text}</span>
        <button type="button" class="btn btn-quiet" aria-label=${t("Close")} @click=${() => this.drop(note)}>${icon("x")}</button>
      </div>`,
    )}`;
  }

  private readonly move = (): void => {
    const place = [...document.querySelectorAll("dialog:modal")].at(-1) ?? this.place;
    if (place?.isConnected && place !== this.parentNode) place.append(this);
  };

  /** What is said again stands there once. */
  private show(said: Omit<Note, "number">): void {
    this.move();
    const note = { ...said, number: (this.count += 1) };
    const others = this.notes.filter(({ text, kind }) => text !== note.text || kind !== note.kind);
    this.notes = [...others.slice(-2), note];
    this.requestUpdate();
    // An error stays until it was read; what went well may go by itself.
    if (note.kind === "done") setTimeout(() => this.drop(note), STAYS);
  }

  private drop(note: Note): void {
    this.notes = this.notes.filter((each) => each.number !== note.number);
    this.requestUpdate();
  }
}

export function toast(text: string, kind: Outcome = "done"): void {
  window.dispatchEvent(new CustomEvent("atrium:toast", { detail: { text, kind } }));
}

customElements.define("toast-region", ToastRegionElement);
