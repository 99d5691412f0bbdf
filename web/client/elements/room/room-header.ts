/** The room's head: where it belongs, its title and stage, who is in it, the clock, the menu. */
import { html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { processName, stageName } from "../../models/room";
import { t } from "../../models/words";
import { icon } from "../icon";
import { ask } from "./room-ask";
import { RoomElement } from "./room-element";
import "./room-menu";
import type { MenuLine } from "./room-menu";
import { face } from "./room-parts";
import "./time/room-timer";

const FACES = 4;
const FACES_ON_PHONE = 2;

@customElement("room-header")
export class RoomHeaderElement extends RoomElement {
  protected override render() {
    const { room } = this;
    const { room: form, process } = room.things;
    return html`
      <header class="room-head">
        <div class="room-head-words">
          <nav class="room-crumbs" aria-label=${t("Where this room belongs")}>
            <a href="/rooms">${processName(process)}</a>
            ${form.company ? html`<span aria-hidden="true">/</span> <a href=${this.companyUrl(form.company.id)}>${form.company.name}</a>` : nothing}
            ${room.isInternal ? html`<span aria-hidden="true">/</span> <span>${t("Internal")}</span>` : nothing}
          </nav>
          <div class="room-title-line">
            <h1 class="room-title">${form.title}</h1>
            ${this.stage()}
          </div>
        </div>
        <div class="room-head-acts">
          ${this.members()}
          <room-timer .room=${room}></room-timer>
          ${this.menu()}
        </div>
      </header>
      ${form.archived_at ? this.archived() : nothing}
    `;
  }

  private companyUrl(id: string): string {
    return this.room.isClient ? `/rooms?company_id=${id}` : `/companies/${id}`;
  }

  private stage() {
    const { room } = this;
    const { stage } = room;
    if (!stage) return nothing;
    const name = stageName(stage);
    if (!room.may("room.change")) return html`<span class="badge-stage" data-stage=${stage.key ?? ""}>${name}</span>`;
    return html`<room-menu
      label=${t("Stage: {name}", { name })}
      button-class="badge-stage badge-stage-button"
      data-stage=${stage.key ?? ""}
      .face=${html`${name} ${icon("chevron-down")}`}
      .lines=${() => this.stageLines()}
    ></room-menu>`;
  }

  private stageLines(): MenuLine[] {
    const { room } = this;
    return room.things.process.room_stages.map((stage) => ({
      label: stageName(stage),
      checked: stage.id === room.stage?.id,
      act: () => void this.act("room.change", { room_id: room.id, stage_id: stage.id }),
    }));
  }

  private members() {
    const { room } = this;
    const { members } = room;
    return html`<button
      type="button"
      class="room-members avatars"
      data-tip=${members.map((person) => person.name).join(", ")}
      @click=${() => this.tell("room-members")}
    >
      <span class="visually-hidden">${t("Members: {count}", { count: members.length })}</span>
      ${members.slice(0, FACES).map((person) => face(room, person.id, "md"))}
      ${moreFaces(members.length - FACES, "room-more-wide")} ${moreFaces(members.length - FACES_ON_PHONE, "room-more-phone")}
    </button>`;
  }

  private menu() {
    const lines = this.menuLines();
    if (!lines.length) return nothing;
    return html`<room-menu
      class="room-menu-main"
      label=${t("Room menu")}
      button-class="btn btn-icon btn-ghost-secondary"
      .face=${icon("dots-vertical")}
      .lines=${() => this.menuLines()}
    ></room-menu>`;
  }

  private menuLines(): MenuLine[] {
    const { room } = this;
    const lines: MenuLine[] = [];
    if (room.may("room.change")) {
      lines.push({ label: t("Edit the room"), icon: "edit", act: () => this.tell("room-settings") });
    }
    lines.push({ label: t("Members"), icon: "users", act: () => this.tell("room-members") });
    if (room.may("room.archive") && !room.archived) {
      lines.push({ label: t("Archive"), icon: "archive", act: () => void this.archive() });
    }
    if (room.archived && room.may("room.restore")) {
      lines.push({ label: t("Restore"), icon: "archive-off", act: () => void this.restore() });
    }
    return lines;
  }

  private archived() {
    return html`<div class="room-banner" role="status">
      ${icon("archive")}
      <span>${t("This room is archived. You can read everything but change nothing.")}</span>
      ${this.room.may("room.restore")
        ? html`<button type="button" class="btn btn-sm" @click=${this.restore}>${t("Restore")}</button>`
        : nothing}
    </div>`;
  }

  private async archive(): Promise<void> {
    const sure = await ask({
      title: t("Archive {title}?", { title: this.room.things.room.title }),
      text: t("Everyone can still read it. Running timers stop, and nothing can be changed until it is restored."),
      act: t("Archive"),
    });
    if (sure) await this.act("room.archive", { room_id: this.room.id });
  }

  private async restore(): Promise<void> {
    await this.act("room.restore", { room_id: this.room.id });
  }
}

function moreFaces(count: number, where: "room-more-wide" | "room-more-phone") {
  return count > 0 ? html`<span class="avatar avatar-more ${where}" aria-hidden="true">+${count}</span>` : nothing;
}
