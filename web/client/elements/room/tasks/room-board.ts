/** The tasks as a board: columns of the process's stages, dragged by hand or moved by keys. */
import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type Sortable from "sortablejs";
import type { Task } from "../../../contract";
import { forTheTeam } from "../../../models/audiences";
import { columns, stageBeside, type Column, type TaskFilter } from "../../../models/board";
import { stageName } from "../../../models/room";
import { t } from "../../../models/words";
import { icon } from "../../icon";
import { RoomElement } from "../room-element";
import "../room-menu";
import { face } from "../room-parts";
import { clockButton, taskFacts, taskLines, type TaskActs } from "./room-task";

@customElement("room-board")
export class RoomBoardElement extends RoomElement {
  @property({ attribute: false }) filter!: TaskFilter;
  @property({ attribute: false }) acts!: TaskActs;
  /** Tasks that were moved here and are not told yet: id → stage. */
  @property({ attribute: false }) moved: ReadonlyMap<string, string> = new Map();
  @state() private said = "";

  private dragging = false;
  private readonly sorts = new Map<Element, Sortable>();

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const sort of this.sorts.values()) sort.destroy();
    this.sorts.clear();
  }

  /** What comes while a card is in the hand waits until it is put down. */
  protected override shouldUpdate(changed: PropertyValues): boolean {
    return super.shouldUpdate(changed) && !this.dragging;
  }

  protected override updated(): void {
    if (this.room.may("task.change")) void this.sortable();
  }

  protected override render() {
    return html`
      <div class="board" role="group" aria-label=${t("Board")}>
        ${repeat(
          columns(this.room, this.filter, this.moved),
          (column) => column.stage.id,
          (column) => this.column(column),
        )}
      </div>
      <p class="visually-hidden" role="status">${this.said}</p>
    `;
  }

  private column(column: Column) {
    const { stage, tasks, hidden } = column;
    return html`<section class="board-column" aria-label=${stageName(stage)}>
      <h2 class="board-head">${stageName(stage)} <span class="board-count">${tasks.length + hidden}</span></h2>
      <ul class="board-cards" data-stage=${stage.id}>
        ${repeat(tasks, (task) => task.id, (task) => this.card(task))}
      </ul>
      ${hidden
        ? html`<button type="button" class="btn btn-sm btn-ghost-secondary" @click=${() => this.tell("tasks-show-done")}>
            ${t("{count} more", { count: hidden })}
          </button>`
        : nothing}
    </section>`;
  }

  private card(task: Task) {
    const { room } = this;
    const running = room.runningOn(task.id).length > 0;
    const team = forTheTeam(task.audience);
    return html`<li
      class="task-card ${running ? "task-card-alive" : ""} ${team ? "task-card-team" : ""} ${task.completed_at
        ? "task-card-done"
        : ""}"
      data-task=${task.id}
      @click=${(event: MouseEvent) => this.clicked(event, task)}
    >
      <div class="task-card-top">
        <button
          type="button"
          class="task-title"
          data-tip=${room.may("task.change") ? t("Enter opens, Shift+arrow moves") : nothing}
          @keydown=${(event: KeyboardEvent) => this.pressed(event, task)}
          @click=${() => this.acts.open(task)}
        >
          ${task.title}
        </button>
        <span class="task-tools">${clockButton(room, task, this.acts)}
        ${room.isClient
          ? nothing
          : html`<room-menu
              class="task-menu"
              label=${t("What to do with {task}", { task: task.title })}
              .face=${icon("dots")}
              .lines=${() => taskLines(room, task, this.acts)}
            ></room-menu>`}</span>
      </div>
      <div class="task-card-facts">
        ${taskFacts(room, task)}
        ${task.assignee_id
          ? html`<span class="task-who" title=${room.name(task.assignee_id)}
              >${face(room, task.assignee_id, "xs")}<span class="visually-hidden"
                >${room.name(task.assignee_id)}</span
              ></span
            >`
          : nothing}
      </div>
    </li>`;
  }

  /** The whole card opens its task, but for the buttons on it. */
  private clicked(event: MouseEvent, task: Task): void {
    if (!(event.target as Element).closest("button, room-menu, a")) this.acts.open(task);
  }

  private pressed(event: KeyboardEvent, task: Task): void {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const across = event.key === "ArrowLeft" || event.key === "ArrowRight";
    if (event.shiftKey && across) this.shift(task, step as -1 | 1);
    else if (across) this.focusBeside(task, step);
    else this.focusNear(event.target as HTMLElement, step);
  }

  private shift(task: Task, step: -1 | 1): void {
    const stage = this.room.may("task.change") ? stageBeside(this.room, task, step) : undefined;
    if (!stage) return;
    this.acts.move(task, stage.id);
    this.said = t("{task} moved to {stage}", { task: task.title, stage: stageName(stage) });
    // The card is drawn anew in its new column; the keys stay with it.
    requestAnimationFrame(() => this.titleOf(task.id)?.focus());
  }

  private focusNear(from: HTMLElement, step: number): void {
    const titles = [...(from.closest(".board-cards")?.querySelectorAll<HTMLElement>(".task-title") ?? [])];
    titles[titles.indexOf(from) + step]?.focus();
  }

  private focusBeside(task: Task, step: number): void {
    const lists = [...this.querySelectorAll(".board-cards")];
    const here = lists.findIndex((list) => list.querySelector(`[data-task="${task.id}"]`));
    for (let place = here + step; lists[place]; place += step) {
      const title = lists[place]!.querySelector<HTMLElement>(".task-title");
      if (title) return title.focus();
    }
  }

  private titleOf(taskId: string): HTMLElement | null {
    return this.querySelector(`[data-task="${taskId}"] .task-title`);
  }

  private async sortable(): Promise<void> {
    const lists = [...this.querySelectorAll<HTMLElement>(".board-cards")].filter((list) => !this.sorts.has(list));
    if (!lists.length) return;
    const { default: Sort } = await import("sortablejs");
    for (const list of lists) {
      if (this.sorts.has(list) || !list.isConnected) continue;
      this.sorts.set(list, Sort.create(list, this.sorting()));
    }
  }

  /** The library moves the card itself: it is put back where it was, and drawn where it belongs by what is told. */
  private sorting(): Sortable.Options {
    let next: Node | null = null;
    return {
      group: "tasks",
      draggable: ".task-card",
      filter: "room-menu",
      preventOnFilter: false,
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
      delay: 150,
      delayOnTouchOnly: true,
      sort: false,
      ghostClass: "task-card-ghost",
      onStart: (event) => {
        this.dragging = true;
        next = event.item.nextSibling;
      },
      onEnd: (event) => {
        event.from.insertBefore(event.item, next);
        this.dragging = false;
        const task = this.room.task(event.item.dataset["task"]);
        const stageId = event.to.dataset["stage"];
        if (task && stageId && event.to !== event.from) this.acts.move(task, stageId);
        this.requestUpdate();
      },
    };
  }
}
