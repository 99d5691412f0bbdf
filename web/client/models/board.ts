/** The tasks as a board and as a list: what passes the filters, in what order, and how late. */
import type { Day, Stage, Task } from "../contract";
import { addDays, daysBetween, mondayOf } from "./days";
import type { RoomView } from "./room";

export type TaskTest = (task: Task) => boolean;

export interface TaskFilter {
  /** All that are done, not the newest alone. */
  done: boolean;
  /** What a task must pass to be shown. */
  tests: readonly TaskTest[];
}

export interface Column {
  stage: Stage;
  tasks: Task[];
  /** Done ones that are not shown. */
  hidden: number;
}

/** A done column shows its newest; the rest come on asking. */
export const DONE_SHOWN = 6;

export function columns(room: RoomView, filter: TaskFilter, moved?: ReadonlyMap<string, string>): Column[] {
  return room.things.process.task_stages.map((stage) => {
    const tasks = filtered(room, filter)
      .filter((task) => (moved?.get(task.id) ?? task.stage_id) === stage.id)
      .sort(stage.final ? newestDone : (a, b) => byUrgency(room, a, b));
    const shown = stage.final && !filter.done ? tasks.slice(0, DONE_SHOWN) : tasks;
    return { stage, tasks: shown, hidden: tasks.length - shown.length };
  });
}

export function listed(room: RoomView, filter: TaskFilter): Task[] {
  return filtered(room, filter)
    .filter((task) => filter.done || !task.completed_at)
    .sort((a, b) => Number(Boolean(a.completed_at)) - Number(Boolean(b.completed_at)) || byUrgency(room, a, b));
}

function filtered(room: RoomView, { tests }: TaskFilter): Task[] {
  return room.things.tasks.filter((task) => tests.every((passes) => passes(task)));
}

/** Those that somebody does. */
export function doneBy(personId: string): TaskTest {
  return (task) => task.assignee_id === personId;
}

/** Those that are due by the end of a day's week, late ones too. */
export function dueInWeekOf(today: Day): TaskTest {
  const sunday = addDays(mondayOf(today), 6);
  return (task) => task.due_on !== null && task.due_on <= sunday && !task.completed_at;
}

/** Running first, then the nearest due date, then the oldest. */
export function byUrgency(room: RoomView, a: Task, b: Task): number {
  const running = (task: Task) => (room.runningOn(task.id).length ? 0 : 1);
  return (
    running(a) - running(b) ||
    (a.due_on ?? "9999").localeCompare(b.due_on ?? "9999") ||
    a.created_at.localeCompare(b.created_at)
  );
}

function newestDone(a: Task, b: Task): number {
  return (b.completed_at ?? b.created_at).localeCompare(a.completed_at ?? a.created_at);
}

/** Days past due; 0 when it is not late. */
export function daysLate(task: Task, today: Day): number {
  if (!task.due_on || task.completed_at) return 0;
  return Math.max(0, daysBetween(task.due_on, today));
}

/** The stage beside this one, for the arrow keys. */
export function stageBeside(room: RoomView, task: Task, step: -1 | 1): Stage | undefined {
  const stages = room.things.process.task_stages;
  const place = stages.findIndex((stage) => stage.id === task.stage_id);
  return stages[place + step];
}
