/** Whom one can mention, while a name is being typed behind an @: chosen by arrows and Enter, or by a click. */
import { html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { beginning, followed, matching, type Addressee, type Beginning, type Picked } from "../../../models/mentions";
import { t } from "../../../models/words";
import { icon } from "../../icon";
import { RoomElement } from "../room-element";
import { face } from "../room-parts";

let count = 0;

@customElement("mention-list")
export class MentionListElement extends RoomElement {
  /** The names that were picked here and still stand so: of two with one name, it is these that are meant. */
  picked: Picked[] = [];
  @state() private found: Addressee[] = [];
  @state() private place = 0;
  private typed: Beginning | null = null;
  private left = "";
  /** The field's words when `picked` was true of them. */
  private seen = "";
  private readonly listId = `mention-list-${(count += 1)}`;

  override connectedCallback(): void {
    super.connectedCallback();
    const { field } = this;
    if (!field) return;
    field.setAttribute("aria-haspopup", "listbox");
    this.listen(field, "blur", () => this.close());
    this.listen(field, "click", () => this.look());
  }

  /** The field was written in, or its caret moved. */
  look(): void {
    const { field } = this;
    this.follow();
    this.typed = field ? beginning(field.value, field.selectionStart) : null;
    const left = this.typed !== null && this.left === field!.value.slice(0, this.typed.from + 1);
    if (!left) this.left = "";
    this.found = this.typed && !left ? matching(this.typed.words, this.room.addressees) : [];
    this.place = 0;
    this.announce();
  }

  /** Whether a key was for this list. */
  pressed(event: KeyboardEvent): boolean {
    if (!this.found.length || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return false;
    const steps: Record<string, () => void> = {
      ArrowDown: () => this.step(1),
      ArrowUp: () => this.step(-1),
      Enter: () => this.choose(this.found[this.place]!),
      Tab: () => this.choose(this.found[this.place]!),
      Escape: () => this.leave(),
    };
    const step = event.shiftKey ? undefined : steps[event.key];
    if (!step) return false;
    event.preventDefault();
    event.stopPropagation();
    step();
    return true;
  }

  /** Words were put before those in the field, names in them are `picked`. */
  precede(words: string, picked: readonly Picked[]): void {
    this.picked = [...picked, ...this.picked.map((one) => ({ ...one, from: one.from + words.length }))];
    this.seen = this.field?.value ?? "";
  }

  reset(): void {
    this.picked = [];
    this.seen = "";
    this.close();
  }

  protected override render() {
    if (!this.found.length) return nothing;
    return html`<ul class="mention-list" role="listbox" id=${this.listId} aria-label=${t("Mention")}>
      ${this.found.map(
        (one, place) => html`<li
          role="option"
          id="${this.listId}-${place}"
          aria-selected=${place === this.place ? "true" : "false"}
          @pointerdown=${(event: Event) => event.preventDefault()}
          @click=${() => this.choose(one)}
        >
          ${one.kind === "person"
            ? face(this.room, one.id, "xs")
            : html`<span class="mention-unit">${icon("hierarchy")}</span>`}
          <span class="text-truncate">${one.name}</span>
          ${one.kind === "department" ? html`<small class="text-secondary">${t("department")}</small>` : nothing}
        </li>`,
      )}
    </ul>`;
  }

  private get field(): HTMLTextAreaElement | null {
    return this.parentElement?.querySelector("textarea") ?? null;
  }

  private step(by: number): void {
    this.place = (this.place + by + this.found.length) % this.found.length;
    this.announce();
  }

  private choose(one: Addressee): void {
    const { field, typed } = this;
    if (!field || !typed) return;
    const after = field.value.slice(field.selectionStart);
    const words = `@${one.name}${/^[\s.,;:!?)]/.test(after) ? "" : " "}`;
    field.setRangeText(words, typed.from, field.selectionStart, "end");
    this.follow();
    this.picked = [...this.picked, { id: one.id, name: one.name, from: typed.from }];
    this.close();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    this.close();
  }

  private follow(): void {
    const { field } = this;
    if (!field) return;
    this.picked = followed(this.picked, this.seen, field.value, field.selectionStart);
    this.seen = field.value;
  }

  /** Esc: this one is to be a plain word. */
  private leave(): void {
    if (this.typed && this.field) this.left = this.field.value.slice(0, this.typed.from + 1);
    this.close();
  }

  private close(): void {
    this.found = [];
    this.announce();
  }

  /** The field itself says aloud what is being chosen. */
  private announce(): void {
    const { field } = this;
    if (!field) return;
    field.toggleAttribute("aria-controls", false);
    field.removeAttribute("aria-activedescendant");
    if (!this.found.length) return;
    field.setAttribute("aria-controls", this.listId);
    field.setAttribute("aria-activedescendant", `${this.listId}-${this.place}`);
  }
}
