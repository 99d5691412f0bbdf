/** The timesheet: a period's entries by day, with totals by day and by person. */
import type { Day, Entry } from "../contract";
import { addDays, addMonths, firstOfMonth, mondayOf } from "./days";
import { partsByDay, workedSeconds, type DayPart } from "./hours";

export type PeriodKind = "week" | "month";

export interface Period {
  kind: PeriodKind;
  from: Day;
  /** The first day after it. */
  to: Day;
}

/** What of an entry lies in a day. */
export interface SheetLine {
  entry: Entry;
  part: DayPart;
  running: boolean;
  seconds: number;
}

export interface SheetDay {
  day: Day;
  lines: SheetLine[];
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
  const lines = linesOf(entries, period, now);
  const days = [...Map.groupBy(lines, ({ part }) => part.day)].map(([day, those]) => ({
    day,
    lines: those,
    seconds: total(those),
  }));
  return { days, seconds: total(lines), byPerson: byPerson(lines) };
}

/** The latest day first, in it the latest beginning. */
function linesOf(entries: readonly Entry[], period: Period, now: number): SheetLine[] {
  return entries
    .flatMap((entry) => linesOfOne(entry, now))
    .filter(({ part }) => part.day >= period.from && part.day < period.to)
    .sort(latestFirst);
}

function linesOfOne(entry: Entry, now: number): SheetLine[] {
  const parts = partsByDay(entry, now);
  return parts.map((part, place) => ({
    entry,
    part,
    running: !entry.stopped_at && place === parts.length - 1,
    seconds: workedSeconds(part.begin, part.end),
  }));
}

function latestFirst(a: SheetLine, b: SheetLine): number {
  return b.part.day.localeCompare(a.part.day) || b.part.begin - a.part.begin || b.entry.id.localeCompare(a.entry.id);
}

function byPerson(lines: readonly SheetLine[]): { personId: string; seconds: number }[] {
  return [...Map.groupBy(lines, ({ entry }) => entry.person_id)]
    .map(([personId, those]) => ({ personId, seconds: total(those) }))
    .sort((a, b) => b.seconds - a.seconds);
}

function total(lines: readonly SheetLine[]): number {
  return lines.reduce((sum, { seconds }) => sum + seconds, 0);
}

/** A day's work as a strip: shares of the day between its first start and its last stop. */
export function stripOf(lines: readonly SheetLine[]): { left: number; width: number; now: boolean }[] {
  const first = Math.min(...lines.map(({ part }) => part.begin));
  const span = Math.max(1, Math.max(...lines.map(({ part }) => part.end)) - first);
  return lines.map(({ part, running }) => ({
    left: ((part.begin - first) / span) * 100,
    width: Math.max(0.5, ((part.end - part.begin) / span) * 100),
    now: running,
  }));
}
