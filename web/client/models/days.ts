/** Reckoning with calendar days ("2026-11-21"), weeks from Monday. */
import type { Day, Instant } from "../contract";
import { dayKey } from "./time";

const known = new Map<Instant, Day>();

/** The day an instant falls on; remembered, since a page asks for the same hundreds again and again. */
export function dayOf(at: Instant): Day {
  let day = known.get(at);
  if (!day) known.set(at, (day = dayKey(at)));
  return day;
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
