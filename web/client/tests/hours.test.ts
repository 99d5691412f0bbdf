/** How long was worked, as the server counts it too: tests/rooms/test_hours.py reads the same table. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Entry } from "../contract";
import { addMonths } from "../models/days";
import { partsByDay, secondsOf, secondsWithin, wholeSeconds } from "../models/hours";
import { locale } from "../models/locale";
import { hours, inMinutes, time } from "../models/time";
import { periodOf, sheet } from "../models/timesheet";
import { entry } from "./rooms";

interface Case {
  name: string;
  zone: string;
  started_at: string;
  stopped_at: string | null;
  now?: string;
  days?: Record<string, number>;
  months?: Record<string, number>;
}

const TABLE = JSON.parse(readFileSync(new URL("../../../tests/shared/hours.json", import.meta.url), "utf8")) as {
  entries: Case[];
  minutes: { parts: number[]; shown: number[] }[];
  sheet: {
    zone: string;
    now: string;
    period: string;
    entries: Partial<Entry>[];
    days: Record<string, { total: string; lines: [string, string, string | null, string][] }>;
  };
};
const NOW = "2026-11-21T09:00:00Z";

describe.each(TABLE.entries)("$name ($zone)", ({ zone, started_at, stopped_at, now, days, months }) => {
  const worked = entry({ started_at, stopped_at });
  const at = Date.parse(now ?? NOW);
  const parts = () => {
    locale.timeZone = zone;
    return partsByDay(worked, at).map((part) => ({ ...part, seconds: wholeSeconds(part.begin, part.end) }));
  };

  test("is counted on the days on which it passed", () => {
    const found = parts();
    if (days) expect(Object.fromEntries(found.map((part) => [part.day, part.seconds]))).toEqual(days);
    expect(found.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(secondsOf(worked, at));
  });

  test("is counted in the months in which it passed", () => {
    const found = parts();
    const all = [...new Set(found.map(({ day }) => day.slice(0, 7)))];
    const by = Object.fromEntries(
      all.map((month) => [month, secondsWithin(worked, `${month}-01`, addMonths(`${month}-01`, 1), at)]),
    );
    if (months) expect(by).toEqual(months);
    expect(Object.values(by).reduce((sum, seconds) => sum + seconds, 0)).toBe(secondsOf(worked, at));
  });
});

test.each(TABLE.minutes)("minutes of $parts add up", ({ parts, shown }) => {
  expect(inMinutes(parts)).toEqual(shown);
});

test("a sheet has each day's parts and their sum", () => {
  const { zone, now, period, entries, days } = TABLE.sheet;
  locale.timeZone = zone;
  const found = sheet(entries.map((fields) => entry(fields)), periodOf("month", `${period}-01`), Date.parse(now));
  const drawn = found.days.map(({ day, seconds, lines }) => [
    day,
    {
      total: hours(seconds),
      lines: lines.map(({ entry: { id }, part, running, seconds: spent }) => [id, time(part.begin), running ? null : time(part.end), hours(spent)]),
    },
  ]);
  expect(drawn).toEqual(Object.entries(days));
});
