/** Reckoning with calendar days ("2026-11-21"), weeks from Monday. */
import type { Day, Instant } from "../contract";
import { locale } from "./locale";
import { dayKey, offsetAt } from "./time";

const known = new Map<string, Day>();
const beginnings = new Map<string, number>();
const A_DAY = 86_400_000;
const A_SECOND = 1000;

/** The day an instant falls on; remembered, since a page asks for the same hundreds again and again. */
export function dayOf(at: Instant): Day {
  const key = `${locale.timeZone} ${at}`;
  let day = known.get(key);
  if (!day) known.set(key, (day = dayKey(at)));
  return day;
}

/**
 * The first moment of a day here. Where the clock is set forward over midnight, or over the whole day, the day begins as
 * it is set; the server has the same (`store/days.py`).
 */
export function beginningOf(day: Day): number {
  const key = `${locale.timeZone} ${day}`;
  let begin = beginnings.get(key);
  if (begin === undefined) beginnings.set(key, (begin = firstMoment(midnight(day).getTime())));
  return begin;
}

function firstMoment(inUtc: number): number {
  const before = offsetAt(inUtc - A_DAY);
  const after = offsetAt(inUtc + A_DAY);
  if (before === after) return inUtc - before;
  const set = whenSet(inUtc - A_DAY, inUtc + A_DAY);
  return inUtc - before < set ? inUtc - before : Math.max(set, inUtc - after);
}

/** The moment between two at which the clock was set, to the second. */
function whenSet(before: number, after: number): number {
  const offset = offsetAt(before);
  while (after - before > A_SECOND) {
    const middle = before + Math.floor((after - before) / 2 / A_SECOND) * A_SECOND;
    if (offsetAt(middle) === offset) before = middle;
    else after = middle;
  }
  return after;
}

export function addDays(day: Day, days: number): Day {
  const date = midnight(day);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

export function addMonths(day: Day, months: number): Day {
  const date = midnight(day);
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.toISOString().slice(0, 10);
}

export function daysBetween(from: Day, to: Day): number {
  return Math.round((midnight(to).getTime() - midnight(from).getTime()) / 86_400_000);
}

export function mondayOf(day: Day): Day {
  return addDays(day, -((midnight(day).getUTCDay() + 6) % 7));
}

export function firstOfMonth(day: Day): Day {
  return `${day.slice(0, 7)}-01`;
}

function midnight(day: Day): Date {
  return new Date(`${day}T00:00:00Z`);
}
