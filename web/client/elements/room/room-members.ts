/** Who is in the room, what they are doing, and who else could come in. */
import { html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Department, ListedPerson, Person } from "../../contract";
import { departments, people } from "../../data/rooms";
import { folded } from "../../models/folding";
import { initials, tone } from "../../models/person";
import { t } from "../../models/words";
import { icon } from "../icon";
import { ask } from "./room-ask";
import { RoomElement } from "./room-element";
import { clientBadge, face, stateWord } from "./room-parts";

const FOUND = 8;
const UNITS = 4;

@customElement("room-members")
export class RoomMembersElement extends RoomElement {
  @state() private open = false;
  @state() private found: ListedPerson[] | null = null;
  @state() private units: Department[] = [];
  @state() private words = "";
  @query("dialog") private dialog!: HTMLDialogElement;

  show(): void {
    this.open = true;
    this.words = "";
    if (this.room.may("member.add")) void this.fetch();
    void this.updateComplete.then(() => this.dialog.showModal());
  }

  protected override render() {
    const { room } = this;
    return html`<dialog
      class="sheet sheet-small"
      aria-label=${t("Members")}
      @close=${() => (this.open = false)}
      @click=${(event: MouseEvent) => event.target === this.dialog && this.dialog.close()}
    >
      ${this.open
        ? html`<header class="sheet-head">
              <h2 class="sheet-title">${t("Members")}</h2>
              <button type="button" class="btn-close" aria-label=${t("Close")} @click=${() => this.dialog.close()}></button>
            </header>
            <ul class="member-list">
              ${repeat(room.members, (person) => person.id, (person) => this.member(person))}
            </ul>
            ${room.may("member.add") ? this.adding() : nothing}`
        : nothing}
    </dialog>`;
  }

  private member(person: Person) {
    const { room } = this;
    return html`<li class="member-line">
      ${face(room, person.id)}
      <span class="member-words">
        <span>${person.name} ${clientBadge(person)}</span>
        <small class=${room.runningOf(person.id) ? "alive-ink" : "text-secondary"}>${stateWord(room, person)}</small>
      </span>
      ${room.may("member.remove")
        ? html`<button
            type="button"
            class="btn btn-ghost-danger btn-icon btn-sm"
            aria-label=${t("Remove {name} from the room", { name: person.name })}
            data-tip=${t("Remove from the room")}
            @click=${() => this.takeOut(person)}
          >
            ${icon("user-minus")}
          </button>`
        : nothing}
    </li>`;
  }

  private adding() {
    const typed = folded(this.words);
    const inside = new Set(this.room.things.members.map((member) => member.id));
    const found = (this.found ?? [])
      .filter((person) => person.active !== false && !inside.has(person.id) && folded(`${person.name} ${person.email ?? ""} ${person.company_name ?? ""}`).includes(typed))
      .slice(0, FOUND);
    return html`<div class="member-add">
      <label class="field">
        <span class="form-label">${t("Add a person")}</span>
        <input
          class="form-control"
          type="search"
          autocomplete="off"
          placeholder=${t("Name, email or company")}
          .value=${this.words}
          @input=${(event: Event) => (this.words = (event.target as HTMLInputElement).value)}
        />
      </label>
      <ul class="member-list">
        ${found.map((person) => this.candidate(person))} ${this.unitsNamed(typed).map((unit) => this.unit(unit))}
        ${this.found && !found.length && !this.unitsNamed(typed).length
          ? html`<li class="text-secondary">${typed ? t("Nobody else of that name can be added.") : t("Everyone is here already.")}</li>`
          : nothing}
      </ul>
    </div>`;
  }

  private candidate(person: ListedPerson) {
    return html`<li class="member-line">
      <span class="avatar avatar-sm ${tone(person.id)}" aria-hidden="true">${initials(person.name)}</span>
      <span class="member-words">
        <span>${person.name} ${clientBadge(person)}</span>
        <small class="text-secondary">${person.company_name ?? person.email ?? ""}</small>
      </span>
      <button
        type="button"
        class="btn btn-sm"
        aria-label=${t("Add {name}", { name: person.name })}
        @click=${() => this.act("member.add", { room_id: this.room.id, person_id: person.id })}
      >
        ${icon("user-plus")} ${t("Add")}
      </button>
    </li>`;
  }

  private unitsNamed(typed: string): Department[] {
    return this.units.filter((unit) => folded(unit.name).includes(typed)).slice(0, UNITS);
  }

  private unit(unit: Department) {
    return html`<li class="member-line">
      <span class="avatar avatar-sm avatar-none" aria-hidden="true">${icon("hierarchy")}</span>
      <span class="member-words">
        <span>${unit.name}</span>
        <small class="text-secondary">${t("A department and everything below it")}</small>
      </span>
      <button type="button" class="btn btn-sm" aria-label=${t("Add all of {name}", { name: unit.name })} @click=${() => this.enlist(unit)}>
        ${icon("users-plus")} ${t("Add all")}
      </button>
    </li>`;
  }

  private async enlist(unit: Department): Promise<void> {
    if (await this.act("department.enlist", { room_id: this.room.id, department_id: unit.id })) {
      this.say(t("The people of {name} were added to the room.", { name: unit.name }));
    }
  }

  private async takeOut(person: Person): Promise<void> {
    const sure = await ask({
      title: t("Remove {name} from the room?", { name: person.name }),
      text: t("What they did here stays. They lose access to the room at once."),
      act: t("Remove"),
      danger: true,
    });
    if (sure) await this.act("member.remove", { room_id: this.room.id, person_id: person.id });
  }

  private async fetch(): Promise<void> {
    try {
      [this.found, this.units] = await Promise.all([people(), departments()]);
    } catch {
      this.say(t("The list of people can't be loaded right now."), "error");
    }
  }
}
