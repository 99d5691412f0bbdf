/** The room's page: holds the room's stream, and hands each part what it draws. */
import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Position, Snapshot, Task } from "../contract";
import { feed, type RoomStream } from "../data/feed";
import { embedded } from "../data/page";
import type { Change } from "../data/stream";
import { RoomView } from "../models/room";
import { t } from "../models/words";
import { icon } from "./icon";
import { ask } from "./room-ask";
import { RoomElement } from "./room-element";
import "./room-header";
import type { RoomHeaderElement } from "./room-header";
import "./room-files";
import type { RoomFilesElement } from "./room-files";
import "./room-members";
import type { RoomMembersElement } from "./room-members";
import "./room-now";
import "./room-overview";
import "./room-settings";
import type { RoomSettingsElement } from "./room-settings";
import type { TaskActs } from "./room-task";
import "./room-tasks";
import type { RoomTasksElement } from "./room-tasks";
import "./room-timeline";
import type { RoomTimelineElement } from "./room-timeline";
import "./room-timer";
import "./room-timesheet";
import "./room-wall";
import type { RoomWallElement } from "./room-wall";
import "./task-dialog";
import type { TaskDialogElement } from "./task-dialog";

export const TABS = ["overview", "wall", "tasks", "files", "timesheet", "timeline"] as const;
export type Tab = (typeof TABS)[number];

/** On a phone these share the fifth place. */
const MORE: readonly Tab[] = ["overview", "timesheet", "timeline"];
/** Where the wall stands beside the work. */
const BESIDE = "(min-width: 1100px)";
const NOTICE_SECONDS = 6;

interface Notice {
  text: string;
  kind: "info" | "danger";
}

type Embedded = Snapshot & { at: Position; snapshot?: Snapshot };

@customElement("room-page")
export class RoomPageElement extends RoomElement {
  @property({ attribute: "room-id" }) roomId = "";
  @property() tab: Tab = "overview";
  @state() private notices: Notice[] = [];
  @state() private moved: ReadonlyMap<string, string> = new Map();
  @state() private refused = "";
  @state() private beside = matchMedia(BESIDE).matches;
  @query("room-header") private header!: RoomHeaderElement;
  @query("room-wall") private wall!: RoomWallElement;
  @query("room-tasks") private tasks?: RoomTasksElement;
  @query("room-files") private files?: RoomFilesElement;
  @query("room-timeline") private timeline?: RoomTimelineElement;
  @query("task-dialog") private taskDialog!: TaskDialogElement;
  @query("room-members") private members!: RoomMembersElement;
  @query("room-settings") private settings!: RoomSettingsElement;

  private stream: RoomStream | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.stream = feed.enter(this.roomId, drawn());
    this.until(() => this.stream && feed.leave(this.stream));
    this.until(this.stream.subscribe((change) => this.told(change)));
    this.read();
    this.listenHere();
  }

  protected override get drawable(): boolean {
    return this.room !== undefined;
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has("room")) document.title = `${this.room.things.room.title} · Atrium`;
  }

  protected override firstUpdated(): void {
    const taskId = new URLSearchParams(location.search).get("task");
    if (taskId && this.room.task(taskId)) this.taskDialog.edit(taskId);
  }

  protected override render() {
    const { room, tab } = this;
    return html`
      <div class="room" data-tab=${tab}>
        <room-header .room=${room}></room-header>
        <room-now .room=${room}></room-now>
        ${this.tabs()}
        <div class="room-body">
          <section class="room-pane" aria-label=${tabName(this.open)}>
            ${this.refused ? html`<div class="room-banner room-banner-danger" role="alert">${icon("lock")} ${this.refused}</div>` : nothing}
            <div class="room-pane-inner">${this.pane()}</div>
          </section>
          <aside class="room-aside" aria-label=${t("Wall")}><room-wall .room=${room}></room-wall></aside>
        </div>
        ${this.places()}
      </div>
      <task-dialog .room=${room} .acts=${this.acts}></task-dialog>
      <room-members .room=${room}></room-members>
      <room-settings .room=${room}></room-settings>
      <div class="room-notices" role="status">
        ${this.notices.map(
          (notice) => html`<div class="room-notice room-notice-${notice.kind}">
            ${icon(notice.kind === "danger" ? "alert-circle" : "check")} <span>${notice.text}</span>
            <button type="button" class="btn-close" aria-label=${t("Close")} @click=${() => this.unsay(notice)}></button>
          </div>`,
        )}
      </div>
    `;
  }

  private tabs() {
    const { things } = this.room;
    const counts: Partial<Record<Tab, number>> = { tasks: this.room.openTasks.length, files: things.files.length };
    return html`<nav class="room-tabs" aria-label=${t("Parts of the room")} data-more=${MORE.includes(this.tab) ? "true" : nothing}>
      ${TABS.map(
        (tab, place) => html`<a
          href="/rooms/${this.roomId}/${tab}"
          class="room-tab"
          data-tab=${tab}
          data-more=${MORE.includes(tab) ? "true" : nothing}
          title="${tabName(tab)} (${place + 1})"
          aria-current=${this.isOpen(tab) ? "page" : nothing}
          >${tabName(tab)} ${counts[tab] ? html`<span class="room-tab-count">${counts[tab]}</span>` : nothing}</a
        >`,
      )}
    </nav>`;
  }

  private pane() {
    const { room } = this;
    switch (this.open) {
      case "tasks":
        return html`<room-tasks .room=${room} .acts=${this.acts} .moved=${this.moved}></room-tasks>`;
      case "files":
        return html`<room-files .room=${room}></room-files>`;
      case "timesheet":
        return html`<room-timesheet .room=${room}></room-timesheet>`;
      case "timeline":
        return html`<room-timeline .room=${room}></room-timeline>`;
      default:
        return html`<room-overview .room=${room} .acts=${this.acts}></room-overview>`;
    }
  }

  /** The five places that a thumb reaches. */
  private places() {
    const place = (tab: Tab, iconName: string, word: string, current: boolean) =>
      html`<a href="/rooms/${this.roomId}/${tab}" class="place" data-tab=${tab} aria-current=${current ? "page" : nothing}
        >${icon(iconName)} <span>${word}</span></a
      >`;
    return html`<nav class="room-places" aria-label=${t("Places")}>
      ${place("wall", "message-circle", t("Wall"), this.tab === "wall")}
      ${place("tasks", "checkbox", t("Tasks"), this.tab === "tasks")}
      ${this.room.may("timer.start") ? html`<room-timer place .room=${this.room}></room-timer>` : nothing}
      ${place("files", "files", t("Files"), this.tab === "files")}
      ${place("overview", "dots", t("More"), MORE.includes(this.tab))}
    </nav>`;
  }

  /** What the pane shows: where the wall stands beside it, the wall's own tab leaves it the overview. */
  private get open(): Tab {
    return this.tab === "wall" ? "overview" : this.tab;
  }

  private isOpen(tab: Tab): boolean {
    return tab === this.tab || (this.beside && tab === this.open);
  }

  private read(): void {
    if (this.stream && "room" in this.stream.things) this.room = new RoomView(this.stream.things);
  }

  private told(change: Change): void {
    this.read();
    if (change.kind === "reset") this.wall?.reset();
    if (change.kind === "refused") this.refused = t("You are no longer in this room. What you see is as it was.");
    if (change.kind === "event") {
      this.settle(change.event["task"] as Task | undefined);
      this.wall?.heard(change.event);
      this.timeline?.heard(change.event);
    }
  }

  /** A move that was made here is told now: the task's own stage counts again. */
  private settle(task: Task | undefined): void {
    if (!task || !this.moved.has(task.id)) return;
    const moved = new Map(this.moved);
    moved.delete(task.id);
    this.moved = moved;
  }

  private listenHere(): void {
    this.listen(this, "room-notice", (event: CustomEvent<Notice>) => this.notify(event.detail));
    this.listen(this, "task-open", (event: CustomEvent<string>) => this.taskDialog.edit(event.detail));
    this.listen(this, "task-new", (event: CustomEvent<{ title: string }>) => this.taskDialog.create(event.detail));
    this.listen(this, "room-members", () => this.members.show());
    this.listen(this, "room-settings", () => this.settings.show());
    this.listen(this, "click", (event: MouseEvent) => this.followed(event));
    this.listen(window, "popstate", () => (this.tab = tabOf(location.pathname)));
    this.listen(document, "keydown", (event: KeyboardEvent) => this.pressed(event));
    this.listen(matchMedia(BESIDE), "change", (event: MediaQueryListEvent) => (this.beside = event.matches));
  }

  /** Links to the room's own parts are followed without a reload. */
  private followed(event: MouseEvent): void {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-tab]");
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.go(link.dataset["tab"] as Tab);
  }

  private go(tab: Tab): void {
    if (tab === this.tab) return;
    this.tab = tab;
    history.pushState(null, "", `/rooms/${this.roomId}/${tab}`);
  }

  private pressed(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typingIn(event.target)) return;
    if (document.querySelector("dialog[open], :popover-open")) return;
    const act = this.keys[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  }

  private readonly keys: Record<string, () => void> = {
    s: () => this.header.timer?.press(),
    n: () => this.newTask(),
    c: () => this.write(),
    u: () => this.addFiles(),
    ...Object.fromEntries(TABS.map((tab, place) => [String(place + 1), () => this.go(tab)])),
  };

  private newTask(): void {
    this.go("tasks");
    void this.updateComplete.then(() => this.tasks?.create());
  }

  private write(): void {
    if (!this.beside) this.go("wall");
    void this.updateComplete.then(() => this.wall.takeFocus());
  }

  private addFiles(): void {
    this.go("files");
    void this.updateComplete.then(() => this.files?.choose());
  }

  private readonly acts: TaskActs = {
    open: (task) => this.taskDialog.edit(task.id),
    start: (task) => void this.act("timer.start", { room_id: this.room.id, task_id: task.id }),
    stop: () => void this.act("timer.stop", {}),
    move: (task, stageId) => void this.move(task, stageId),
    complete: (task) => void this.act("task.complete", { task_id: task.id }),
    reopen: (task) => void this.act("task.reopen", { task_id: task.id }),
    remove: (task) => void this.eraseTask(task),
  };

  /** The card stays where it was put until it is told where it is; a refusal puts it back. */
  private async move(task: Task, stageId: string): Promise<void> {
    this.moved = new Map([...this.moved, [task.id, stageId]]);
    if (!(await this.act("task.change", { task_id: task.id, stage_id: stageId }))) this.settle(task);
  }

  private async eraseTask(task: Task): Promise<void> {
    const sure = await ask({
      title: t("Remove {task}?", { task: task.title }),
      text: t("The time that was spent on it stays in the timesheet."),
      act: t("Remove"),
      danger: true,
    });
    if (sure) await this.act("task.remove", { task_id: task.id });
  }

  private notify(notice: Notice): void {
    this.notices = [...this.notices, notice];
    setTimeout(() => this.unsay(notice), NOTICE_SECONDS * 1000);
  }

  private unsay(notice: Notice): void {
    this.notices = this.notices.filter((one) => one !== notice);
  }
}

/** The state that the page brought, to be continued from its place in the log. */
function drawn(): { at: Position; snapshot: Snapshot } | null {
  const found = embedded<Embedded>("room-snapshot");
  if (!found?.at) return null;
  const { at, snapshot, ...things } = found;
  return { at, snapshot: snapshot ?? things };
}

function tabOf(path: string): Tab {
  const last = path.split("/").at(-1) as Tab;
  return TABS.includes(last) ? last : "overview";
}

function tabName(tab: Tab): string {
  return {
    overview: t("Overview"),
    wall: t("Wall"),
    tasks: t("Tasks"),
    files: t("Files"),
    timesheet: t("Timesheet"),
    timeline: t("Timeline"),
  }[tab];
}

function typingIn(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName));
}
