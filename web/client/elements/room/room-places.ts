/** The five places at the bottom of a phone, that a thumb reaches. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { t } from "../../models/words";
import { icon } from "../icon";
import { RoomElement } from "./room-element";
import "./room-timer";
import { SHARED, type Tab } from "../../parts";

@customElement("room-places")
export class RoomPlacesElement extends RoomElement {
  @property({ attribute: false }) tab: Tab = "overview";

  protected override get drawable(): boolean {
    return this.room !== undefined;
  }

  protected override render() {
    const { room, tab } = this;
    return html`
      ${this.place("wall", icon("message-circle"), t("Wall"), tab === "wall")}
      ${this.place("tasks", icon("checkbox"), t("Tasks"), tab === "tasks")}
      ${room.may("timer.start") ? html`<room-timer place .room=${room}></room-timer>` : nothing}
      ${this.place("files", icon("files"), t("Files"), tab === "files")}
      ${this.place("overview", icon("dots"), t("More"), SHARED.includes(tab))}
    `;
  }

  private place(tab: Tab, picture: TemplateResult, word: string, current: boolean) {
    return html`<a
      class="room-place"
      href="/rooms/${this.room.id}/${tab}"
      data-tab=${tab}
      aria-current=${current ? "page" : nothing}
      >${picture} <span>${word}</span></a
    >`;
  }
}
