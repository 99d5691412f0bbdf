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

/** Says at the edge of the screen what was done or failed, aloud too. */
export class ToastRegionElement extends LightElement {
  private notes: Note[] = [];
  private count = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute("role", "status");
    this.listen<CustomEvent<Omit<Note, "number">>>(window, "atrium:toast", ({ detail }) => this.show(detail));
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

  private show(said: Omit<Note, "number">): void {
    const note = { ...said, number: (this.count += 1) };
    this.notes = [...this.notes.slice(-2), note];
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
