/** What stands where a part of the room will be, in its shape, until it is here. */
import { html } from "lit";
import { t } from "../../models/words";
import type { Tab } from "../../parts";

export function waiting(tab: Tab) {
  return html`<div class="room-wait" data-tab=${tab} role="status">
    <span class="visually-hidden">${t("Loading…")}</span>
    <div class="skeleton room-wait-tools"></div>
    <div class="room-wait-lines">${Array.from({ length: 6 }, () => html`<div class="skeleton"></div>`)}</div>
  </div>`;
}
