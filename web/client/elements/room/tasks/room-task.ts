/** What is shown of a task and done with it alike on the board, in the list and on the overview. */
import { html, nothing } from "lit";
import type { Task } from "../../../contract";
import { daysLate } from "../../../models/board";
import { stageName, type RoomView } from "../../../models/room";
import { calendarDay, day, dayKey, hours } from "../../../models/time";
import { clock } from "../../../models/clock";
import { t, tn } from "../../../models/words";
import { icon } from "../../icon";
import type { MenuLine } from "../room-menu";
import { teamMark } from "../room-parts";
import "../../shell/ticking-clock";
import { labelChips } from "./task-labels";

export interface TaskActs {
  open(task: Task): void;
  start(task: Task): void;
  stop(): void;
  move(task: Task, stageId: string): void;
  complete(task: Task): void;
  reopen(task: Task): void;
  remove(task: Task): void;
}

export function taskLines(room: RoomView, task: Task, acts: TaskActs): MenuLine[] {
  const lines: MenuLine[] = [{ label: t("Open"), icon: "edit", act: () => acts.open(task) }];
  if (room.may("timer.start") && !task.completed_at) {
    const mine = room.mine?.task_id === task.id;
    lines.push(
      mine
        ? { label: t("Stop timer"), icon: "player-stop", act: () => acts.stop() }
        : { label: t("Start timer"), icon: "player-play", act: () => acts.start(task) },
    );
  }
  if (room.may("task.complete")) {
    lines.push(
      task.completed_at
        ? { label: t("Reopen"), icon: "rotate", act: () => acts.reopen(task) }
        : { label: t("Complete"), icon: "check", act: () => acts.complete(task) },
    );
  }
  if (room.may("task.change")) {
    lines.push({ heading: t("Move to") });
    for (const stage of room.things.process.task_stages) {
      lines.push({ label: stageName(stage), checked: stage.id === task.stage_id, act: () => acts.move(task, stage.id) });
    }
  }
  if (room.may("task.remove")) {
    lines.push({ heading: t("Remove") });
    lines.push({ label: t("Remove task"), icon: "trash", danger: true, act: () => acts.remove(task) });
  }
  return lines;
}

/** The clock's button on a task: starts it, or stops the asker's own that runs on it. */
export function clockButton(room: RoomView, task: Task, acts: TaskActs) {
  if (!room.may("timer.start") || task.completed_at) return nothing;
  if (room.mine?.task_id === task.id) {
    return html`<button
      type="button"
      class="btn btn-quiet task-clock task-clock-on"
      aria-label=${t("Stop the timer on {task}", { task: task.title })}
      data-tip=${t("Stop the timer")}
      @click=${() => acts.stop()}
    >
      ${icon("player-stop")}
    </button>`;
  }
  return html`<button
    type="button"
    class="btn btn-quiet task-clock"
    aria-label=${t("Start timer on {task}", { task: task.title })}
    data-tip=${t("Start timer")}
    @click=${() => acts.start(task)}
  >
    ${icon("player-play")}
  </button>`;
}

/** What is said of a task under its title. */
export function taskFacts(room: RoomView, task: Task) {
  return html`${runningClocks(room, task)} ${due(task)} ${spent(room, task)} ${labelChips(room, task)} ${teamMark(task.audience)}`;
}

export function due(task: Task) {
  if (task.completed_at) {
    return html`<span class="fact done" title=${t("Done")}>${icon("check")} ${day(task.completed_at)}</span>`;
  }
  if (!task.due_on) return nothing;
  const late = daysLate(task, dayKey(clock.now()));
  if (late) {
    return html`<span class="late" title=${t("Due {day}", { day: calendarDay(task.due_on) })}
      >${tn("{count} day late", "{count} days late", late)}</span
    >`;
  }
  const today = task.due_on === dayKey(clock.now());
  return html`<span class="fact" title=${t("Due")}
    >${icon("calendar")} ${today ? t("Today") : calendarDay(task.due_on)}</span
  >`;
}

function spent(room: RoomView, task: Task) {
  const seconds = room.spentOn(task.id, clock.now());
  if (seconds < 60) return nothing;
  return html`<span class="fact tabular" title=${t("Time spent")}>${icon("clock")} ${hours(seconds)}</span>`;
}

export function runningClocks(room: RoomView, task: Task) {
  return room
    .runningOn(task.id)
    .map(
      (entry) => html`<span class="alive" title=${room.name(entry.person_id)}
        ><span class="now-dot" aria-hidden="true"></span><ticking-clock since=${entry.started_at}></ticking-clock
      ></span>`,
    );
}
