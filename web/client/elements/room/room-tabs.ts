/** The parts of a room, each with an address of its own. */
import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { t } from "../../models/words";
import { SHARED, TABS, type Tab } from "../../parts";
import { RoomElement } from "./room-element";

@customElement("room-tabs")
export class RoomTabsElement extends RoomElement {
  @property({ attribute: false }) tab: Tab = "overview";
  /** The wall stands beside the open part. */
  @property({ attribute: false }) beside = false;

  protected override render() {
    const { room, tab: open } = this;
    const counts: Partial<Record<Tab, number>> = { tasks: room.counts.open_tasks, files: room.counts.files };
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
          >${tabName(tab)} ${counts[tab] ? html`<span class="room-tab-count">${counts[tab]}</span>` : nothing}</a
        >`,
      )}
    </nav>`;
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
  return {
    overview: t("Overview"),
    wall: t("Wall"),
    tasks: t("Tasks"),
    files: t("Files"),
    timesheet: t("Timesheet"),
    timeline: t("Timeline"),
  }[tab];
}
