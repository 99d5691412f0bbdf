/** The parts of a room, each with an address of its own. */
import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { t } from "../../models/words";
import { SHARED, TABS, type Tab } from "../../parts";
import { ELEMENTS } from "../../tab-elements";
import { RoomElement } from "./room-element";

@customElement("room-tabs")
export class RoomTabsElement extends RoomElement {
  @property({ attribute: false }) tab: Tab = "overview";
  /** The wall stands beside the open part. */
  @property({ attribute: false }) beside = false;

  protected override render() {
    const { room, tab: open } = this;
    return html`<nav
      class="room-tabs"
      aria-label=${t("Parts of the room")}
      data-more=${SHARED.includes(open) ? "true" : nothing}
    >
      ${TABS.map(
        (tab, place) => html`<a
          href="/rooms/${room.id}/${tab}"
          class="room-tab"
          data-tab=${tab}
          data-more=${SHARED.includes(tab) ? "true" : nothing}
          data-key=${String(place + 1)}
          aria-current=${this.isOpen(tab) ? "page" : nothing}
          >${tabName(tab)} ${this.count(tab)}</a
        >`,
      )}
    </nav>`;
  }

  private count(tab: Tab) {
    const { count } = ELEMENTS[tab].tab;
    const found = count && this.room.counts[count];
    return found ? html`<span class="room-tab-count">${found}</span>` : nothing;
  }

  private isOpen(tab: Tab): boolean {
    return tab === this.tab || (this.beside && tab === paneOf(this.tab));
  }
}

/** What the pane shows: the wall's own tab leaves it the overview. */
export function paneOf(tab: Tab): Tab {
  return tab === "wall" ? "overview" : tab;
}

export function tabOf(path: string): Tab {
  const last = path.split("/").at(-1) as Tab;
  return TABS.includes(last) ? last : "overview";
}

export function tabName(tab: Tab): string {
  return ELEMENTS[tab].tab.name();
}
