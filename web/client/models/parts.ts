/**
 * A room by part. What isn't here whole is here at a glance: whatever the rest of the room speaks of, its latest, and
 * how many there are. Both live by the same events.
 */
import type { Counts, Task, WireEvent } from "../contract";
import { isGone, type Things } from "./fold";

export type Part = "wall" | "tasks" | "time" | "files";

/** What is a part's of a room's state. */
export const LISTS: Record<Part, readonly string[]> = {
  wall: ["messages", "earlier_messages"],
  tasks: ["tasks", "labels_of_tasks"],
  time: ["entries"],
  files: ["files"],
};

type Counted = { id: string; completed_at?: string | null };

const NEW = { task: "task.created", file: "file.added" };

/** Counts after an event; null where it doesn't tell enough, and they are to be read anew. */
export function counted(counts: Counts, before: Things, event: WireEvent): Counts | null {
  const next = { ...counts };
  for (const thing of ["task", "file"] as const) {
    for (const form of formsIn(event, thing)) {
      const known = ((before[`${thing}s`] as Counted[] | undefined) ?? []).find((one) => one.id === form.id);
      if (!known && (isGone(form) || event.name !== NEW[thing])) return null;
      next[`${thing}s`] += Number(!isGone(form)) - Number(Boolean(known));
      if (thing === "task") next.open_tasks += Number(isOpen(form)) - Number(isOpen(known));
    }
  }
  return next;
}

function formsIn(event: WireEvent, thing: "task" | "file"): Counted[] {
  const one = event[thing] as Counted | null | undefined;
  const several = event[`${thing}s`] as Counted[] | undefined;
  return [...(one ? [one] : []), ...(Array.isArray(several) ? several : [])];
}

function isOpen(form: Counted | Task | undefined): boolean {
  return form !== undefined && !isGone(form) && !form.completed_at;
}
