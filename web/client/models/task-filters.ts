/** What is shown of a room's tasks, as the page's address says it: `?show=mine&show=week&label=…`. */
import type { Id } from "../contract";

const CHIPS = ["mine", "week", "done"] as const;

export type Chip = (typeof CHIPS)[number];

export interface Chosen {
  chips: readonly Chip[];
  /** Of a task one of these must be, if any are chosen. */
  labels: readonly Id[];
}

/** What an address's query asks for; what it can't mean is left out. */
export function chosenBy(query: string): Chosen {
  const asked = new URLSearchParams(query);
  const shown = asked.getAll("show");
  return { chips: CHIPS.filter((chip) => shown.includes(chip)), labels: [...new Set(asked.getAll("label"))] };
}

/** The query for it: empty, or with its question mark. */
export function queryFor({ chips, labels }: Chosen): string {
  const asked = [...chips.map((chip) => ["show", chip]), ...labels.map((id) => ["label", id])];
  return asked.length ? `?${new URLSearchParams(asked)}` : "";
}

/** With another one, or without it where it was there. */
export function toggled<Each>(all: readonly Each[], one: Each): Each[] {
  return all.includes(one) ? all.filter((each) => each !== one) : [...all, one];
}
