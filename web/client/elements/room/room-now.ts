/** The live strip: the product in one line. Who works here now, on what, with the clock ticking. */
import { html } from "lit";
import { customElement } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Entry } from "../../contract";
import { taskInFull } from "../../data/rooms";
import { clock } from "../../models/clock";
import { hours } from "../../models/time";
import { t } from "../../models/words";
import { RoomElement } from "./room-element";
import { face } from "./room-parts";
import "../shell/ticking-clock";

@customElement("room-now")
export class RoomNowElement extends RoomElement {
  private readonly sought = new Set<string>();

  override connectedCallback(): void {
    super.connectedCallback();
    const tick = setInterval(() => this.requestUpdate(), 20_000);
    this.until(() => clearInterval(tick));
  }

  /** Somebody begins to work on a task of which the room has heard nothing. */
  protected override updated(): void {
    for (const { task_id: id } of this.room.running) {
      if (!id || this.room.task(id) || this.sought.has(id)) continue;
      this.sought.add(id);
      void taskInFull(this.room.id, id).then((task) => this.tell("room-known", ["tasks", task]), () => this.sought.delete(id));
    }
  }

  protected override render() {
    const { running } = this.room;
    const week = hours(this.room.secondsThisWeek(clock.now()));
    return html`<section class="live-strip ${running.length ? "live-strip-on" : ""}" aria-label=${t("Now")}>
      <span class="live-strip-head">${running.length ? html`<span class="now-dot" aria-hidden="true"></span>` : ""}${t("Now")}</span>
      <ul class="live-people">
        ${running.length ? repeat(running, (entry) => entry.id, (entry) => this.person(entry)) : html`<li class="live-quiet">${this.quiet()}</li>`}
      </ul>
      <span class="live-week">${t("This week {time}", { time: week })}</span>
    </section>`;
  }

  private person(entry: Entry) {
    const { room } = this;
    const task = room.task(entry.task_id);
    const what = task?.title ?? (entry.note || t("in general"));
    const words = html`${face(room, entry.person_id, "xs")}
      <span class="live-what"><span>${room.firstName(entry.person_id)}</span> · ${what}</span>
      <ticking-clock since=${entry.started_at}></ticking-clock>`;
    return html`<li>
      ${task
        ? html`<button type="button" class="live-chip" @click=${() => this.tell("task-open", task.id)}>${words}</button>`
        : html`<span class="live-chip">${words}</span>`}
    </li>`;
  }

  private quiet(): string {
    const here = this.room.members.filter((person) => person.id !== this.room.myId && this.room.presence(person.id) === "online");
    if (!here.length) return t("No timer is running here");
    const names = new Intl.ListFormat(document.documentElement.lang || "en").format(here.slice(0, 3).map((person) => person.name));
    return t("No timer is running. Here: {names}", { names });
  }
}
