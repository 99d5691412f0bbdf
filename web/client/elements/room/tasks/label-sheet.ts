/** The sheet on which a business's labels are kept. */
import { html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { repeat } from "lit/directives/repeat.js";
import type { CommandName, Commands, Label } from "../../../contract";
import { run } from "../../../data/commands";
import { byName } from "../../../models/sorting";
import { t } from "../../../models/words";
import { icon } from "../../icon";
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
  @query("dialog") private dialog!: HTMLDialogElement;
  @query("[name=new-label]") private name!: HTMLInputElement;

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
        />
        ${this.colors(this.color, t("Colour of the new label"), (color) => (this.color = color))}
        <button type="button" class="btn btn-primary" @click=${this.add}>${t("Add")}</button>
      </div>
      ${this.problem ? html`<p class="wall-reason" role="alert">${icon("alert-circle")} ${this.problem.text}</p>` : nothing}`;
  }

  private line(label: Label) {
    return html`<li class="label-line">
      <input
        class="form-control ${this.problem?.of === label.id ? "is-invalid" : ""}"
        maxlength="40"
        autocomplete="off"
        aria-label=${t("Name of {label}", { label: label.name })}
        .value=${live((this.problem?.of === label.id && this.problem.typed) || label.name)}
        @change=${(event: Event) => this.rename(label, event.target as HTMLInputElement)}
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
    </li>`;
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

  private async add(): Promise<void> {
    const name = this.name.value.trim();
    this.name.focus();
    if (!name || !(await this.tried("label.add", { name, color: this.color }, null))) return;
    this.name.value = "";
    this.color = COLORS[(COLORS.indexOf(this.color) + 1) % COLORS.length]!;
  }

  private async rename(label: Label, field: HTMLInputElement): Promise<void> {
    const name = field.value.trim();
    if (name) await this.change(label, { name });
    else field.value = label.name;
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

  /** Runs a command; a refusal is said on the sheet, where the line is that it is about. */
  private async tried<Name extends CommandName>(name: Name, fields: Commands[Name], of: string | null): Promise<boolean> {
    try {
      await run(name, fields);
      this.problem = null;
      return true;
    } catch (problem) {
      const { name: typed = "" } = fields as { name?: string | null };
      this.problem = { text: reasonOf(problem), of, typed: typed ?? "" };
      return false;
    }
  }

  private closed(event: Event): void {
    event.stopPropagation();
    this.open = false;
    this.problem = null;
  }

  /** Enter adds or renames; it sends no form that this may stand in. */
  private pressed(event: KeyboardEvent): void {
    event.stopPropagation();
    const field = event.target as HTMLElement;
    if (event.key !== "Enter" || !(field instanceof HTMLInputElement)) return;
    event.preventDefault();
    if (field === this.name) void this.add();
    else field.dispatchEvent(new Event("change"));
  }
}
