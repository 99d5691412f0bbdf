/** The timesheet: a period's entries by day, with totals by day and by person. */
import type { Day, Entry } from "../contract";
import { addDays, addMonths, dayOf, firstOfMonth, mondayOf } from "./days";
import { secondsOf } from "./room";

export type PeriodKind = "week" | "month";

export interface Period {
  kind: PeriodKind;
  from: Day;
  /** The first day after it. */
  to: Day;
}

export interface SheetDay {
  day: Day;
  entries: Entry[];
  seconds: number;
}

export interface Sheet {
  days: SheetDay[];
  seconds: number;
  byPerson: { personId: string; seconds: number }[];
}

export function periodOf(kind: PeriodKind, day: Day): Period {
  const from = kind === "week" ? mondayOf(day) : firstOfMonth(day);
  return { kind, from, to: kind === "week" ? addDays(from, 7) : addMonths(from, 1) };
}

export function stepped(period: Period, step: -1 | 1): Period {
  const day = period.kind === "week" ? addDays(period.from, 7 * step) : addMonths(period.from, step);
  return periodOf(period.kind, day);
}

export function sheet(entries: readonly Entry[], period: Period, now: number): Sheet {
  const days = new Map<Day, SheetDay>();
  const persons = new Map<string, number>();
  let seconds = 0;
  for (const entry of entries) {
    const day = dayOf(entry.started_at);
    if (day < period.from || day >= period.to) continue;
    const spent = secondsOf(entry, now);
    const group = days.get(day) ?? { day, entries: [], seconds: 0 };
    group.entries.push(entry);
    group.seconds += spent;
    days.set(day, group);
    persons.set(entry.person_id, (persons.get(entry.person_id) ?? 0) + spent);
    seconds += spent;
  }
  for (const group of days.values()) group.entries.sort((a, b) => b.started_at.localeCompare(a.started_at));
  return {
    days: [...days.values()].sort((a, b) => b.day.localeCompare(a.day)),
    seconds,
    byPerson: [...persons]
      .map(([personId, spent]) => ({ personId, seconds: spent }))
      .sort((a, b) => b.seconds - a.seconds),
  };
}

/** A day's work as a strip: shares of the day between its first start and its last stop. */
export function stripOf(entries: readonly Entry[], now: number): { left: number; width: number; now: boolean }[] {
  const starts = entries.map((entry) => Date.parse(entry.started_at));
  const ends = entries.map((entry) => (entry.stopped_at ? Date.parse(entry.stopped_at) : now));
  const first = Math.min(...starts);
  const span = Math.max(1, Math.max(...ends) - first);
  return entries.map((entry, place) => ({
    left: ((starts[place]! - first) / span) * 100,
    width: Math.max(0.5, ((ends[place]! - starts[place]!) / span) * 100),
    now: !entry.stopped_at,
  }));
}
