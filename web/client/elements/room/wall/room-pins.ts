/** The room's pinned messages, the newest pin first: a click leads to the message, wherever on the wall it stands. */
import { html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Message, Pin } from "../../../contract";
import { forTheTeam } from "../../../models/audiences";
import { plain } from "../../../models/excerpts";
import { spoken } from "../../../models/mentions";
import type { RoomView } from "../../../models/room";
import { t } from "../../../models/words";
import { icon } from "../../icon";
import { RoomElement } from "../room-element";

export function pinOf(room: RoomView, message: Message): Pin | undefined {
  return room.things.pins.find((pin) => pin.message_id === message.id);
}

/** On a message: that it is pinned, and who did it. */
export function pinMark(room: RoomView, message: Message) {
  const pin = pinOf(room, message);
  return pin ? html`<div class="wall-pinned">${icon("pin")} ${pinnedBy(room, pin)}</div>` : nothing;
}

function pinnedBy(room: RoomView, pin: Pin): string {
  return t("Pinned by {who}", { who: room.signed(pin.person_id, pin.acted_by) });
}

@customElement("room-pins")
export class RoomPinsElement extends RoomElement {
  private height = 0;

  /** What grows above the messages must not push them away from under the reader. */
  protected override updated(): void {
    const { offsetHeight, offsetParent } = this;
    if (!offsetParent || offsetHeight === this.height) return;
    this.tell("wall-pushed", offsetHeight - this.height);
    this.height = offsetHeight;
  }

  protected override render() {
    const pins = this.room.things.pins.toSorted((a, b) => b.pinned_at.localeCompare(a.pinned_at) || b.id.localeCompare(a.id));
    if (!pins.length) return nothing;
    return html`<ul class="wall-pins" aria-label=${t("Pinned messages")} data-arrows>
      ${repeat(pins, ({ id }) => id, (pin, place) => this.line(pin, place))}
    </ul>`;
  }

  private line(pin: Pin, place: number) {
    const { room } = this;
    const team = forTheTeam(pin.audience);
    return html`<li>
      <button
        type="button"
        class="wall-pin ${team ? "team-ground" : ""}"
        tabindex=${place ? -1 : 0}
        data-tip=${pinnedBy(room, pin)}
        @click=${() => this.tell("wall-point", pin.message_id)}
      >
        ${icon("pin")}
        <strong>${room.firstName(pin.author_id)}</strong>
        <span class="text-truncate">${plain(spoken(pin.words, room.addressed)) || t("Files")}</span>
        ${team ? html`<span class="team-only">${icon("lock")}<span class="visually-hidden">${t("Team only")}</span></span>` : nothing}
      </button>
    </li>`;
  }
}
