/** The sheet on which a business's labels are kept. */
import { html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { CommandName, Commands, Label } from "../../../contract";
import { run } from "../../../data/commands";
import { byName } from "../../../models/sorting";
import { t } from "../../../models/words";
import { icon } from "../../icon";
import { KeptFocus } from "../kept-focus";
import { ask } from "../room-ask";
import { reasonOf, RoomElement } from "../room-element";

type Color = Label["color"];

const COLOR_NAMES: Record<Color, () => string> = {
  gray: () => t("Grey"),
  red: () => t("Red"),
  orange: () => t("Orange"),
  yellow: () => t("Yellow"),
  green: () => t("Green"),
  teal: () => t("Teal"),
  blue: () => t("Blue"),
  violet: () => t("Violet"),
  pink: () => t("Pink"),
};
const COLORS = Object.keys(COLOR_NAMES) as Color[];

/** The business's labels: renamed and coloured where they stand, for everyone at once. */
@customElement("label-sheet")
export class LabelSheetElement extends RoomElement {
  @state() private open = false;
  @state() private color: Color = "gray";
  /** What was wrong with the last act, and with which line: a label's identifier, or none for the new one. */
  @state() private problem: { text: string; of: string | null; typed: string } | null = null;
  /** What was sent and isn't answered yet: it isn't sent again. */
  private readonly underWay = new Set<string>();
  /** The field is empty since its label was added; another Enter asks for nothing. */
  private emptied = false;
  @query("dialog") private dialog!: HTMLDialogElement;
  @query("[name=new-label]") private name!: HTMLInputElement;

  constructor() {
    super();
    new KeptFocus(this, () => this.name);
  }

  show(): void {
    this.open = true;
    void this.updateComplete.then(() => {
      this.dialog.showModal();
      this.name.focus();
    });
  }

  protected override render() {
    return html`<dialog class="sheet" aria-label=${t("Labels")} @close=${this.closed} @keydown=${this.pressed}>
      ${this.open ? this.inside() : nothing}
    </dialog>`;
  }

  private inside() {
    return html`<header class="sheet-head">
        <h2 class="sheet-title">${t("Labels")}</h2>
        <button type="button" class="btn-close" aria-label=${t("Close")} @click=${() => this.dialog.close()}></button>
      </header>
      <p class="text-secondary">${t("For tasks in all rooms. Only the team sees labels.")}</p>
      <ul class="label-list">
        ${repeat([...this.room.things.labels].sort(byName), ({ id }) => id, (label) => this.line(label))}
      </ul>
      <div class="label-line">
        <input
          class="form-control ${this.problem?.of === null ? "is-invalid" : ""}"
          name="new-label"
          maxlength="40"
          autocomplete="off"
          placeholder=${t("New label")}
          aria-label=${t("Name of the new label")}
          @input=${() => (this.emptied = false)}
        />
        ${this.colors(this.color, t("Colour of the new label"), (color) => (this.color = color))}
        <button type="button" class="btn btn-primary" @click=${this.clicked}>${t("Add")}</button>
        ${this.reason(null)}
      </div>`;
  }

  private line(label: Label) {
    return html`<li class="label-line">
      <input
        class="form-control ${this.problem?.of === label.id ? "is-invalid" : ""}"
        maxlength="40"
        autocomplete="off"
        aria-label=${t("Name of {label}", { label: label.name })}
        .value=${this.problem?.of === label.id ? this.problem.typed : label.name}
        @change=${(event: Event) => this.left(label, event.target as HTMLInputElement)}
        @keydown=${(event: KeyboardEvent) => event.key === "Enter" && this.rename(label, event.target as HTMLInputElement)}
      />
      ${this.colors(label.color, t("Colour of {label}", { label: label.name }), (color) => void this.change(label, { color }))}
      <button
        type="button"
        class="btn btn-ghost-danger btn-icon"
        aria-label=${t("Remove {label}", { label: label.name })}
        data-tip=${t("Remove")}
        @click=${() => this.erase(label)}
      >
        ${icon("trash")}
      </button>
      ${this.reason(label.id)}
    </li>`;
  }

  private reason(of: string | null) {
    if (this.problem?.of !== of) return nothing;
    return html`<p class="wall-reason" role="alert">${icon("alert-circle")} ${this.problem.text}</p>`;
  }

  private colors(chosen: Color, label: string, choose: (color: Color) => void) {
    return html`<span class="label-color" data-color=${chosen}>
      <select
        class="form-select"
        aria-label=${label}
        @change=${(event: Event) => choose((event.target as HTMLSelectElement).value as Color)}
      >
        ${COLORS.map((color) => html`<option value=${color} ?selected=${color === chosen}>${COLOR_NAMES[color]()}</option>`)}
      </select>
    </span>`;
  }

  /** A double click is one. */
  private clicked(event: MouseEvent): void {
    if (event.detail <= 1) void this.add();
  }

  private async add(): Promise<void> {
    const name = this.name.value.trim();
    this.name.focus();
    if (!name && this.emptied) return;
    if (!name) this.refuse(t("This is required."), null);
    else if (await this.tried("label.add", { name, color: this.color }, null)) this.added(name);
  }

  /** The next may be typed already. */
  private added(name: string): void {
    if (!this.open) return;
    if (this.name.value.trim() === name) {
      this.name.value = "";
      this.emptied = true;
    }
    this.color = COLORS[(COLORS.indexOf(this.color) + 1) % COLORS.length]!;
  }

  /** What was refused isn't asked for again by leaving the field. */
  private left(label: Label, field: HTMLInputElement): void {
    const refused = this.problem?.of === label.id && this.problem.typed === field.value.trim();
    if (!refused) this.rename(label, field);
  }

  private rename(label: Label, field: HTMLInputElement): void {
    const name = field.value.trim();
    if (!name) this.refuse(t("This is required."), label.id, "");
    else if (name !== label.name) void this.change(label, { name });
    else if (this.problem?.of === label.id) this.problem = null;
  }

  private change(label: Label, fields: Omit<Commands["label.change"], "label_id">): Promise<boolean> {
    return this.tried("label.change", { label_id: label.id, ...fields }, label.id);
  }

  private async erase(label: Label): Promise<void> {
    const sure = await ask({
      title: t("Remove {label}?", { label: label.name }),
      text: t("It disappears from all tasks, in all rooms."),
      act: t("Remove"),
      danger: true,
    });
    if (sure) await this.tried("label.remove", { label_id: label.id }, label.id);
    this.name.focus();
  }

  /** Runs a command; a refusal is said on the sheet, at the line that it is about, while the sheet is open. */
  private async tried<Name extends CommandName>(name: Name, fields: Commands[Name], of: string | null): Promise<boolean> {
    const sent = JSON.stringify([name, fields]);
    if (this.underWay.has(sent)) return false;
    this.underWay.add(sent);
    try {
      await run(name, fields);
      if (this.problem?.of === of) this.problem = null;
      return true;
    } catch (problem) {
      const { name: typed } = fields as { name?: string | null };
      this.refuse(reasonOf(problem), of, typed ?? undefined);
      return false;
    } finally {
      this.underWay.delete(sent);
    }
  }

  private refuse(text: string, of: string | null, typed = this.room.things.labels.find(({ id }) => id === of)?.name ?? ""): void {
    if (this.open) this.problem = { text, of, typed };
    else this.say(text, "error");
  }

  private closed(event: Event): void {
    event.stopPropagation();
    this.open = false;
    this.problem = null;
  }

  /** Enter adds or renames; it sends no form that this may stand in. */
  private pressed(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    if (event.target === this.name && !event.repeat) void this.add();
  }
}
