/** Times, days and durations as people read them, in the page's language and time zone. */
import { clock } from "./clock";
import { locale } from "./locale";

type Moment = string | number | Date;

/** 0:42:10 — hours without a leading zero, so that the width changes once in ten hours. */
export function ticking(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

/** 31:20 — hours and minutes of a duration; what was begun of a minute isn't counted. */
export function hours(seconds: number): string {
  const minutes = Math.max(0, Math.floor(seconds / 60));
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}`;
}

/** Seconds from one instant to another, or to the server's now. */
export function secondsBetween(from: Moment, to: Moment | null = null): number {
  return ((to === null ? clock.now() : millis(to)) - millis(from)) / 1000;
}

/** 09:12 */
export function time(at: Moment): string {
  return format(at, { hour: "2-digit", minute: "2-digit", hour12: false });
}

/** 25 Nov; with the year when it is another one */
export function day(at: Moment, now: Moment = clock.now()): string {
  const sameYear = dayKey(at).slice(0, 4) === dayKey(now).slice(0, 4);
  return format(at, { day: "numeric", month: "short", ...(sameYear ? {} : { year: "numeric" }) });
}

/** Saturday, 21 November 2026 at 09:12 */
export function exact(at: Moment): string {
  return format(at, { dateStyle: "full", timeStyle: "short" });
}

/** Today, yesterday, else the day's name and date: a heading among messages. */
export function dayHeading(at: Moment, now: Moment = clock.now()): string {
  const apart = daysBetween(dayKey(at), dayKey(now));
  if (apart === 0 || apart === -1) return capital(relativeFormat("auto").format(apart, "day"));
  const sameYear = dayKey(at).slice(0, 4) === dayKey(now).slice(0, 4);
  return capital(
    format(at, { weekday: "long", day: "numeric", month: "long", ...(sameYear ? {} : { year: "numeric" }) }),
  );
}

/** "now", "4 min. ago", "2 hr. ago", "yesterday", "3 days ago", else the date. */
export function relative(at: Moment, now: Moment = clock.now()): string {
  const seconds = (millis(at) - millis(now)) / 1000;
  const size = Math.abs(seconds);
  if (size < 45) return relativeFormat("auto").format(0, "second");
  if (size < 3600) return relativeFormat("always").format(Math.round(seconds / 60), "minute");
  const days = daysBetween(dayKey(at), dayKey(now));
  if (days === 0) return relativeFormat("always").format(Math.trunc(seconds / 3600), "hour");
  if (Math.abs(days) < 7) return relativeFormat("auto").format(days, "day");
  return day(at, now);
}

/** A calendar day ("2026-11-25") as "25 Nov": it has no time zone to be read in. */
export function calendarDay(on: string, now: Moment = clock.now()): string {
  const sameYear = on.slice(0, 4) === dayKey(now).slice(0, 4);
  return formatter({
    day: "numeric",
    month: "short",
    timeZone: "UTC",
    ...(sameYear ? {} : { year: "numeric" }),
  }).format(new Date(`${on}T00:00:00Z`));
}

/** The calendar day, "2026-11-21", that an instant falls on here. */
export function dayKey(at: Moment): string {
  const parts = formatter({ year: "numeric", month: "2-digit", day: "2-digit" }, "en-CA").formatToParts(millis(at));
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}

/** How far the clock here is ahead of UTC at a moment, in milliseconds. */
export function offsetAt(at: number): number {
  const parts = formatter(
    { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric", hourCycle: "h23" },
    "en-US",
  ).formatToParts(at);
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value);
  const here = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return here - Math.floor(at / 1000) * 1000;
}

function daysBetween(on: string, from: string): number {
  return Math.round((Date.parse(`${on}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

function format(at: Moment, options: Intl.DateTimeFormatOptions): string {
  return formatter(options).format(millis(at));
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Building a formatter costs far more than using it, and a wall asks for hundreds. */
function formatter(options: Intl.DateTimeFormatOptions, language = region()): Intl.DateTimeFormat {
  const timeZone = options.timeZone ?? locale.timeZone;
  const key = JSON.stringify([language, timeZone, options]);
  let found = formatters.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(language, { ...options, ...(timeZone ? { timeZone } : {}) });
    formatters.set(key, found);
  }
  return found;
}

function relativeFormat(numeric: "auto" | "always"): Intl.RelativeTimeFormat {
  return new Intl.RelativeTimeFormat(region(), { numeric, style: "short" });
}

/** Plain English is read with the day before the month, as everywhere but in the States. */
function region(): string {
  return locale.language === "en" ? "en-GB" : locale.language;
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase(locale.language) + text.slice(1);
}

const two = (count: number): string => String(count).padStart(2, "0");
const millis = (at: Moment): number => (typeof at === "number" ? at : new Date(at).getTime());
