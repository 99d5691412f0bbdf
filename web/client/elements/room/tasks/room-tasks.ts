/** The tasks' tab: board or list, what is shown of them, and a new one in a line. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { Label, Task, WireEvent } from "../../../contract";
import { doneBy, dueInWeekOf, type TaskFilter, type TaskTest } from "../../../models/board";
import { clock } from "../../../models/clock";
import { chosenBy, queryFor, toggled, type Chip, type Chosen } from "../../../models/task-filters";
import { dayKey } from "../../../models/time";
import { t } from "../../../models/words";
import { icon } from "../../icon";
import "./room-board";
import "./label-sheet";
import type { LabelSheetElement } from "./label-sheet";
import { empty } from "../room-parts";
import type { RoomTab } from "../tab-element";
import "./room-task-list";
import "./task-dialog";
import { TaskElement } from "./task-element";
import { hasLabels, labelLines, labelsOf } from "./task-labels";

type View = "board" | "list";

const REMEMBERED = "atrium:tasks-view";

@customElement("room-tasks")
export class RoomTasksElement extends TaskElement {
  static readonly tab: RoomTab<RoomTasksElement> = {
    name: () => t("Tasks"),
    count: "open_tasks",
    thing: "task",
    key: "n",
    press: (tasks) => tasks.create(),
    everywhere: (room) => html`<task-dialog .room=${room}></task-dialog>`,
  };

  /** Tasks that were moved here and are not told yet: id → stage. */
  @state() private moved: ReadonlyMap<string, string> = new Map();
  @state() private view: View = localStorage.getItem(REMEMBERED) === "list" ? "list" : "board";
  /** Stands in the address too: who reloads, or is given the link, sees the same. */
  @state() private chosen: Chosen = chosenBy(location.search);
  @state() private creating = false;
  @query("label-sheet") private sheet!: LabelSheetElement;

  /** Opens the line for a new task. */
  create(): void {
    if (!this.room.may("task.create")) return;
    this.creating = true;
    void this.updateComplete.then(() => this.newTitle?.focus());
  }

  point(taskId: string): void {
    if (this.room.task(taskId)) this.tell("task-open", taskId);
  }

  heard(event: WireEvent): void {
    this.stay(event["task"] as Task | undefined);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.listen(this, "tasks-show-done", () => this.choose({ chips: [...this.chosen.chips, "done"] }));
    this.listen(window, "popstate", () => (this.chosen = chosenBy(location.search)));
  }

  protected override render() {
    const { room } = this;
    const none = room.things.tasks.length === 0;
    return html`
      <div class="pane-tools">
        <div class="btn-group" role="group" aria-label=${t("Task view")}>
          ${this.viewButton("board", icon("layout-kanban"), t("Board"))} ${this.viewButton("list", icon("list"), t("List"))}
        </div>
        <div class="chips" role="group" aria-label=${t("What is shown")}>
          ${icon("filter", "text-secondary")}
          ${room.isClient ? nothing : this.chip("mine", t("Mine"))} ${this.chip("week", t("Due this week"))}
          ${this.chip("done", t("All that are done"))} ${hasLabels(room) ? this.labelChip() : nothing}
        </div>
        ${room.may("task.create")
          ? html`<button type="button" class="btn btn-outline-primary btn-sm ms-auto" data-key="n" data-tip=${t("New task")} @click=${this.create}>
              ${icon("plus")} ${t("Task")}
            </button>`
          : nothing}
      </div>
      <label-sheet .room=${room}></label-sheet>
      ${this.creating ? this.newTask() : nothing}
      ${none && !this.creating ? this.nothingYet() : this.shown()}
    `;
  }

  private shown() {
    if (this.view === "list") {
      return html`<room-task-list .room=${this.room} .filter=${this.filter} .acts=${this.acts}></room-task-list>`;
    }
    return html`<room-board
      .room=${this.room}
      .filter=${this.filter}
      .acts=${this.acts}
      .moved=${this.moved}
    ></room-board>`;
  }

  private viewButton(view: View, picture: TemplateResult, label: string) {
    const on = this.view === view;
    return html`<button
      type="button"
      class="btn btn-sm ${on ? "active" : ""}"
      aria-pressed=${on ? "true" : "false"}
      @click=${() => this.turn(view)}
    >
      ${picture} ${label}
    </button>`;
  }

  private get filter(): TaskFilter {
    const tests: TaskTest[] = [];
    const { chips } = this.chosen;
    if (chips.includes("mine") && !this.room.isClient) tests.push(doneBy(this.room.myId));
    if (chips.includes("week")) tests.push(dueInWeekOf(dayKey(clock.now())));
    const labels = this.chosenLabels.map(({ id }) => id);
    if (labels.length) tests.push((task) => labelsOf(this.room, task).some(({ id }) => labels.includes(id)));
    return { done: chips.includes("done"), tests };
  }

  private choose(chosen: Partial<Chosen>): void {
    this.chosen = { ...this.chosen, ...chosen };
    history.replaceState(history.state, "", location.pathname + queryFor(this.chosen) + location.hash);
  }

  private chip(name: Chip, label: string) {
    const { chips } = this.chosen;
    const on = chips.includes(name);
    return html`<button
      type="button"
      class="chip ${on ? "chip-on" : ""}"
      aria-pressed=${on ? "true" : "false"}
      @click=${() => this.choose({ chips: toggled(chips, name) })}
    >
      ${label}
    </button>`;
  }

  /** One that is removed isn't looked for any more. */
  private get chosenLabels(): Label[] {
    return this.room.things.labels.filter(({ id }) => this.chosen.labels.includes(id));
  }

  private labelChip() {
    const chosen = this.chosenLabels;
    const names = chosen.map(({ name }) => name).join(", ");
    return html`<room-menu
      label=${names ? t("Labels: {names}", { names }) : t("Labels")}
      button-class="chip ${chosen.length ? "chip-on" : ""}"
      .face=${names || t("Labels")}
      .lines=${() => labelLines(this.room, this.chosen.labels, (id) => this.toggle(id), () => this.sheet.show())}
    ></room-menu>`;
  }

  private toggle(id: string): void {
    this.choose({ labels: toggled(this.chosen.labels, id) });
  }

  /** The card stays where it was put until it is told where it is; a refusal puts it back. */
  protected override async move(task: Task, stageId: string): Promise<boolean> {
    this.moved = new Map([...this.moved, [task.id, stageId]]);
    const done = await super.move(task, stageId);
    if (!done) this.stay(task);
    return done;
  }

  /** A move that was made here is told now: the task's own stage counts again. */
  private stay(task: Task | undefined): void {
    if (!task || !this.moved.has(task.id)) return;
    const moved = new Map(this.moved);
    moved.delete(task.id);
    this.moved = moved;
  }

  private newTask() {
    return html`<form class="new-task" @submit=${this.created} @keydown=${this.pressed}>
      <input
        class="form-control"
        name="title"
        maxlength="200"
        required
        autocomplete="off"
        placeholder=${t("What needs to be done?")}
        aria-label=${t("Title of the new task")}
      />
      <button class="btn btn-primary">${t("Add")}</button>
      <button type="button" class="btn" @click=${this.details}>${t("More…")}</button>
      <button type="button" class="btn btn-ghost-secondary btn-icon" aria-label=${t("Close")} @click=${this.close}>
        ${icon("x")}
      </button>
    </form>`;
  }

  private nothingYet() {
    const { room } = this;
    if (room.isClient) {
      return empty(icon("checklist"), t("No tasks to show yet"), t("Tasks the team plans with you appear here."));
    }
    return empty(
      icon("checklist"),
      t("No tasks yet"),
      t("Write down what needs to be done. Each task has its own timer."),
      room.may("task.create")
        ? html`<button type="button" class="btn btn-primary" @click=${this.create}>${icon("plus")} ${t("Add the first task")}</button>`
        : nothing,
    );
  }

  private get newTitle(): HTMLInputElement | undefined {
    return this.renderRoot.querySelector<HTMLInputElement>(".new-task input") ?? undefined;
  }

  private turn(view: View): void {
    this.view = view;
    localStorage.setItem(REMEMBERED, view);
  }

  private async created(event: Event): Promise<void> {
    event.preventDefault();
    const field = this.newTitle;
    const title = field?.value.trim();
    if (!field || !title) return;
    field.value = "";
    field.focus();
    if (!(await this.act("task.create", { room_id: this.room.id, title }))) field.value ||= title;
  }

  private details(): void {
    this.tell("task-new", { title: this.newTitle?.value ?? "" });
    this.close();
  }

  private close(): void {
    this.creating = false;
  }

  private pressed(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.key === "Escape") this.close();
  }
}
