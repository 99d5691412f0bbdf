/** What a room is called, what it is about, for whom, and who sees what is written when nothing else is said. */
import { html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { Commands, CompanyName } from "../../contract";
import { run } from "../../data/commands";
import { companies } from "../../data/rooms";
import { t } from "../../models/words";
import { icon } from "../icon";
import { reasonOf, RoomElement } from "./room-element";

type RoomFields = Omit<Commands["room.change"], "room_id">;

@customElement("room-settings")
export class RoomSettingsElement extends RoomElement {
  @state() private open = false;
  @state() private touched: RoomFields = {};
  @state() private companies: CompanyName[] = [];
  @state() private problem = "";
  @query("dialog") private dialog!: HTMLDialogElement;

  show(): void {
    this.open = true;
    this.touched = {};
    this.problem = "";
    companies()
      .then((found) => (this.companies = found))
      .catch(() => undefined);
    void this.updateComplete.then(() => this.dialog.showModal());
  }

  protected override render() {
    return html`<dialog class="sheet" aria-label=${t("Edit the room")} @close=${() => (this.open = false)}>
      ${this.open ? this.form() : nothing}
    </dialog>`;
  }

  private form() {
    const { room } = this.room.things;
    const company = this.touched.company_id === undefined ? (room.company?.id ?? "") : (this.touched.company_id ?? "");
    const audience = this.touched.default_audience ?? room.default_audience;
    return html`<form method="dialog" @submit=${this.submitted} @keydown=${(event: KeyboardEvent) => event.stopPropagation()}>
      <header class="sheet-head">
        <h2 class="sheet-title">${t("Edit the room")}</h2>
        <button type="button" class="btn-close" aria-label=${t("Close")} @click=${() => this.dialog.close()}></button>
      </header>
      <label class="field">
        <span class="form-label">${t("Title")}</span>
        <input class="form-control" name="title" required maxlength="200" .value=${this.touched.title ?? room.title} @input=${this.input("title")} />
      </label>
      <label class="field">
        <span class="form-label">${t("Description")} <small class="text-secondary">Markdown</small></span>
        <textarea class="form-control" name="description" rows="6" .value=${this.touched.description ?? room.description ?? ""} @input=${this.input("description")}></textarea>
      </label>
      <div class="sheet-grid">
        <label class="field">
          <span class="form-label">${t("Company")}</span>
          <select class="form-select" name="company_id" @change=${(event: Event) => this.touch({ company_id: valueOf(event) || null })}>
            <option value="" ?selected=${!company}>${t("None: internal, or for a client only")}</option>
            ${this.choices().map((one) => html`<option value=${one.id} ?selected=${one.id === company}>${one.name}</option>`)}
          </select>
        </label>
        <label class="field">
          <span class="form-label">${t("The team's messages are seen by")}</span>
          <select
            class="form-select"
            name="default_audience"
            @change=${(event: Event) => this.touch({ default_audience: valueOf(event) as "all" | "team" })}
          >
            <option value="all" ?selected=${audience === "all"}>${t("Everyone in the room")}</option>
            <option value="team" ?selected=${audience === "team"}>${t("The team, unless shared")}</option>
          </select>
        </label>
      </div>
      ${this.problem ? html`<p class="wall-reason" role="alert">${icon("alert-circle")} ${this.problem}</p>` : nothing}
      <footer class="sheet-acts">
        <button type="button" class="btn ms-auto" @click=${() => this.dialog.close()}>${t("Cancel")}</button>
        <button class="btn btn-primary">${t("Save")}</button>
      </footer>
    </form>`;
  }

  /** The room's own company is there before the list has come. */
  private choices(): CompanyName[] {
    const { company } = this.room.things.room;
    if (!company || this.companies.some((one) => one.id === company.id)) return this.companies;
    return [company, ...this.companies];
  }

  private input(name: "title" | "description") {
    return (event: Event) => this.touch({ [name]: valueOf(event) });
  }

  private touch(fields: RoomFields): void {
    this.touched = { ...this.touched, ...fields };
  }

  private async submitted(event: Event): Promise<void> {
    event.preventDefault();
    try {
      if (Object.keys(this.touched).length) await run("room.change", { room_id: this.room.id, ...this.touched });
      this.dialog.close();
    } catch (problem) {
      this.problem = reasonOf(problem);
    }
  }
}

function valueOf(event: Event): string {
  return (event.target as HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement).value;
}
