/** The tasks as a list: one line each, arrows go up and down. */
import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Task } from "../../../contract";
import { forTheTeam } from "../../../models/audiences";
import { listed, type TaskFilter } from "../../../models/board";
import { stageName } from "../../../models/room";
import { t } from "../../../models/words";
import { icon } from "../../icon";
import { RoomElement } from "../room-element";
import "../room-menu";
import { face } from "../room-parts";
import { clockButton, taskFacts, taskLines, type TaskActs } from "./room-task";

@customElement("room-task-list")
export class RoomTaskListElement extends RoomElement {
  @property({ attribute: false }) filter!: TaskFilter;
  @property({ attribute: false }) acts!: TaskActs;
  /** Given instead of the filtered ones, as on the overview. */
  @property({ attribute: false }) tasks: Task[] | null = null;

  protected override render() {
    const tasks = this.tasks ?? listed(this.room, this.filter);
    return html`<ul class="task-list" @keydown=${this.pressed}>
      ${repeat(tasks, (task) => task.id, (task) => this.line(task))}
    </ul>`;
  }

  private line(task: Task) {
    const { room } = this;
    const done = Boolean(task.completed_at);
    const running = room.runningOn(task.id).length > 0;
    const team = forTheTeam(task.audience);
    return html`<li class="task-line ${running ? "task-line-alive" : ""} ${team ? "team-ground" : ""}" data-task=${task.id}>
      <button
        type="button"
        class="task-check"
        role="checkbox"
        aria-checked=${done ? "true" : "false"}
        aria-label=${t("{task} is done", { task: task.title })}
        ?disabled=${!room.may("task.complete")}
        @click=${() => (done ? this.acts.reopen(task) : this.acts.complete(task))}
      >
        ${done ? icon("check") : nothing}
      </button>
      <button type="button" class="task-title ${done ? "task-title-done" : ""}" @click=${() => this.acts.open(task)}>
        ${task.title}
      </button>
      <span class="task-line-facts">
        ${taskFacts(room, task)}
        <span class="task-stage">${stageName(room.taskStage(task.stage_id))}</span>
        ${task.assignee_id
          ? html`<span title=${room.name(task.assignee_id)}
              >${face(room, task.assignee_id, "xs")}<span class="visually-hidden"
                >${room.name(task.assignee_id)}</span
              ></span
            >`
          : html`<span class="avatar avatar-xs avatar-none" title=${t("Nobody yet")}></span>`}
      </span>
      <span class="task-tools">${clockButton(room, task, this.acts)}
        ${room.isClient
        ? nothing
        : html`<room-menu
            class="task-menu"
            label=${t("What to do with {task}", { task: task.title })}
            .face=${icon("dots")}
            .lines=${() => taskLines(room, task, this.acts)}
          ></room-menu>`}</span>
    </li>`;
  }

  private pressed(event: KeyboardEvent): void {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const title = (event.target as Element).closest<HTMLElement>(".task-title");
    if (!step || !title) return;
    event.preventDefault();
    const titles = [...this.querySelectorAll<HTMLElement>(".task-title")];
    titles[titles.indexOf(title) + step]?.focus();
  }
}
