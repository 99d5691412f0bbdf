/** A room's parts, and the tabs of its page. Made from the server's parts by `python -m hub.contract`. */
import type { Counts, EventName, Snapshot, ThingName } from "./contract";

export type Part = "wall" | "tasks" | "time" | "files";

/** What is a part's of a room's state. */
export const LISTS: Record<Part, readonly (keyof Snapshot)[]> = {
  wall: ["messages", "reactions", "pins", "earlier_messages"],
  tasks: ["tasks", "labels_of_tasks"],
  time: ["entries"],
  files: ["files"],
};

/** How many there are of a part's things, here or not; of those that have no such field yet where one is named. */
export interface Counted {
  name: keyof Counts;
  part: Part;
  thing: ThingName;
  /** What tells of a new one. */
  addedBy: EventName;
  without?: string;
}

export const COUNTED: readonly Counted[] = [
  { name: "tasks", part: "tasks", thing: "task", addedBy: "task.created" },
  { name: "open_tasks", part: "tasks", thing: "task", addedBy: "task.created", without: "completed_at" },
  { name: "files", part: "files", thing: "file", addedBy: "file.added" },
];

export const TABS = ["overview", "wall", "tasks", "files", "timesheet", "timeline"] as const;
export type Tab = (typeof TABS)[number];

/** The parts of the room that a tab shows whole, beside those that are always there. */
export const NEEDED: Record<Tab, readonly Part[]> = {
  overview: [],
  wall: [],
  tasks: ["tasks"],
  files: ["files"],
  timesheet: ["tasks"],
  timeline: ["tasks"],
};

/** Those that have a place of their own at the bottom of a phone. */
export const PLACES: readonly { tab: Tab; icon: string }[] = [
  { tab: "wall", icon: "message-circle" },
  { tab: "tasks", icon: "checkbox" },
  { tab: "files", icon: "files" },
];

/** Those that share one. */
export const SHARED: readonly Tab[] = ["overview", "timesheet", "timeline"];
