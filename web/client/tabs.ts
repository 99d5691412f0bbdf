/** The tabs of a room's page. Made from the server's parts by `python -m hub.contract`. */
import type { Part } from "./models/parts";

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

/** On a phone these share a place. */
export const SHARED: readonly Tab[] = ["overview", "timesheet", "timeline"];
