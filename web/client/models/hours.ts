/**
 * How long was worked. Time belongs to the day here, and the month, in which it passed: an entry that reaches over a
 * border counts on each side with the part that lies there. Moments count by their whole minute, as they are shown, so
 * that whatever is shown adds up; the server does the same (`rooms/time/hours.py`).
 */
import type { Day, Entry } from "../contract";
import { addDays, beginningOf, dayOf } from "./days";

/** What of an entry lies in one day; milliseconds. */
export interface DayPart {
  day: Day;
  begin: number;
  end: number;
}

/** Earliest first; one at least. */
export function partsByDay(entry: Entry, now: number): DayPart[] {
  const parts: DayPart[] = [];
  const end = endOf(entry, now);
  let begin = Date.parse(entry.started_at);
  let day = dayOf(entry.started_at);
  for (let border = beginningOf(addDays(day, 1)); border < end; border = beginningOf(addDays(day, 1))) {
    if (border > begin) {
      parts.push({ day, begin, end: border });
      begin = border;
    }
    day = addDays(day, 1);
  }
  return [...parts, { day, begin, end: Math.max(begin, end) }];
}

/** Of a whole entry, what runs until now. */
export function secondsOf(entry: Entry, now: number): number {
  return workedSeconds(Date.parse(entry.started_at), endOf(entry, now));
}

/** Of an entry's part that lies in some days, `to` being the first day after them. */
export function secondsWithin(entry: Entry, from: Day, to: Day | null, now: number): number {
  const begin = Math.max(Date.parse(entry.started_at), beginningOf(from));
  const end = endOf(entry, now);
  return workedSeconds(begin, to === null ? end : Math.min(end, beginningOf(to)));
}

/** From one moment's minute to another's, never below nothing. */
export function workedSeconds(begin: number, end: number): number {
  return Math.max(0, Math.floor(end / 60_000) - Math.floor(begin / 60_000)) * 60;
}

function endOf(entry: Entry, now: number): number {
  return entry.stopped_at ? Date.parse(entry.stopped_at) : now;
}
