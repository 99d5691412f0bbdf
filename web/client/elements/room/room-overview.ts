/** The overview: what the room is about, how it stands, and what waits for the asker. */
import { html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import type { FileForm, Task } from "../../contract";
import { forTheTeam } from "../../models/audiences";
import { byUrgency } from "../../models/board";
import { clock } from "../../models/clock";
import { day, exact, hours, relative } from "../../models/time";
import { stageName } from "../../models/room";
import { t } from "../../models/words";
import { icon } from "../icon";
import { face, fileIcon, fileUrl, size, teamMark } from "./room-parts";
import type { RoomTab } from "./tab-element";
import "./tasks/room-task-list";
import { TaskElement } from "./tasks/task-element";

const SHOWN = 6;

@customElement("room-overview")
export class RoomOverviewElement extends TaskElement {
  static readonly tab: RoomTab = { name: () => t("Overview") };

  override connectedCallback(): void {
    super.connectedCallback();
    const tick = setInterval(() => this.requestUpdate(), 20_000);
    this.until(() => clearInterval(tick));
  }

  protected override render() {
    return html`<div class="overview">
      <div class="overview-main">${this.about()} ${this.inWork()} ${this.waiting()} ${this.files()}</div>
      <div class="overview-side">${this.figures()} ${this.facts()}</div>
    </div>`;
  }

  /** All that is open is shown here, so it must be here. */
  protected override updated(): void {
    if (!this.room.hasOpenTasks) this.tell("room-part", ["tasks"]);
  }

  private about() {
    const { html: description } = this.room.things.room;
    if (!description) {
      if (!this.room.may("room.change")) return nothing;
      return html`<section class="block block-quiet">
        <p class="text-secondary">${t("What is this room about? A few lines help everyone who joins.")}</p>
        <button type="button" class="btn btn-sm" @click=${() => this.tell("room-settings")}>
          ${icon("edit")} ${t("Describe it")}
        </button>
      </section>`;
    }
    return html`<section class="block" aria-label=${t("Description")}>
      <div class="wall-words">${unsafeHTML(description)}</div>
    </section>`;
  }

  private inWork() {
    return this.taskBlock(t("In progress"), this.open.filter((task) => this.isInWork(task)));
  }

  private waiting() {
    const waiting = this.open.filter((task) => !this.isInWork(task));
    const mine = waiting.filter((task) => task.assignee_id === this.room.myId);
    return mine.length ? this.taskBlock(t("Mine"), mine) : this.taskBlock(t("Open tasks"), waiting);
  }

  private get open(): Task[] {
    return this.room.openTasks.sort((a, b) => byUrgency(this.room, a, b));
  }

  private isInWork(task: Task): boolean {
    return this.room.taskStage(task.stage_id)?.key === "in_progress" || this.room.runningOn(task.id).length > 0;
  }

  private taskBlock(title: string, tasks: Task[]) {
    if (!tasks.length) return nothing;
    const { room } = this;
    return html`<section class="block block-flush">
      <h2 class="block-head">
        <span>${title} <span class="board-count">${tasks.length}</span></span>
        <a href="/rooms/${room.id}/tasks" data-tab="tasks">${t("All tasks")}</a>
      </h2>
      <room-task-list .room=${room} .tasks=${tasks.slice(0, SHOWN)} .acts=${this.acts}></room-task-list>
    </section>`;
  }

  private files() {
    const { room } = this;
    const files = [...room.things.files].sort((a, b) => b.added_at.localeCompare(a.added_at)).slice(0, 4);
    if (!files.length) return nothing;
    return html`<section class="block block-flush">
      <h2 class="block-head">
        <span>${t("Latest files")}</span>
        <a href="/rooms/${room.id}/files" data-tab="files">${t("All files")}</a>
      </h2>
      <ul class="file-list">
        ${files.map((file) => this.file(file))}
      </ul>
    </section>`;
  }

  private file(file: FileForm) {
    return html`<li class="file-line ${forTheTeam(file.audience) ? "team-ground" : ""}">
      <span class="file-thumb">
        ${file.preview ? html`<img src="/files/${file.id}/preview" loading="lazy" alt="" />` : icon(fileIcon(file), "text-primary")}
      </span>
      <div class="file-words">
        <a class="file-name" href=${fileUrl(file)}>${file.name}</a>
        <div class="file-facts">
          <span>${size(file.size)}</span> <span>${this.room.signed(file.author_id, file.acted_by)}</span>
          <time datetime=${file.added_at} title=${exact(file.added_at)}>${relative(file.added_at)}</time>
          ${teamMark(file.audience)}
        </div>
      </div>
    </li>`;
  }

  private figures() {
    const { room } = this;
    const now = clock.now();
    const { tasks: all, open_tasks: open } = room.counts;
    return html`<section class="block overview-figures" aria-label=${t("Figures")}>
      <div><span class="figure tabular">${hours(room.secondsThisWeek(now))}</span><span>${t("this week")}</span></div>
      <div><span class="figure tabular">${hours(room.secondsThisMonth(now))}</span><span>${t("this month")}</span></div>
      <div>
        <span class="figure tabular">${t("{done} of {all}", { done: all - open, all })}</span><span>${t("tasks done")}</span>
      </div>
    </section>`;
  }

  private facts() {
    const { room } = this;
    const { room: form } = room.things;
    return html`<section class="block" aria-label=${t("Details")}>
      <dl class="facts-list">
        <dt>${t("Company")}</dt>
        <dd>${form.company?.name ?? (room.isInternal ? t("Internal") : "–")}</dd>
        <dt>${t("Stage")}</dt>
        <dd>${stageName(room.stage) || "–"}</dd>
        <dt>${t("Opened")}</dt>
        <dd><time datetime=${form.opened_at} title=${exact(form.opened_at)}>${day(form.opened_at)}</time></dd>
        <dt>${t("Members")}</dt>
        <dd>
          <button type="button" class="overview-members" @click=${() => this.tell("room-members")}>
            ${room.members.map((person) => html`<span class="overview-member">${face(room, person.id, "xs")} ${person.name}</span>`)}
          </button>
        </dd>
      </dl>
    </section>`;
  }
}
