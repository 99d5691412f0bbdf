/** The places at the bottom of a phone, that a thumb reaches: tabs, the clock among them, and one for all other tabs. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { t } from "../../models/words";
import { icon } from "../icon";
import { RoomElement } from "./room-element";
import "./time/room-timer";
import { PLACES, SHARED, type Tab } from "../../parts";
import { tabName } from "./room-tabs";

const BEFORE_TIMER = 2;

@customElement("room-places")
export class RoomPlacesElement extends RoomElement {
  @property({ attribute: false }) tab: Tab = "overview";

  protected override get drawable(): boolean {
    return this.room !== undefined;
  }

  protected override render() {
    const { room, tab } = this;
    const places = PLACES.map((each) => this.place(each.tab, icon(each.icon), tabName(each.tab), each.tab === tab));
    return html`
      ${places.slice(0, BEFORE_TIMER)} ${room.may("timer.start") ? html`<room-timer place .room=${room}></room-timer>` : nothing}
      ${places.slice(BEFORE_TIMER)} ${this.place(SHARED[0]!, icon("dots"), t("More"), SHARED.includes(tab))}
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
