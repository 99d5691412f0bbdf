/** How long was worked, as the server counts it too: tests/rooms/test_hours.py reads the same table. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Entry } from "../contract";
import { addMonths } from "../models/days";
import { partsByDay, secondsOf, secondsWithin, workedSeconds } from "../models/hours";
import { locale } from "../models/locale";
import { hours, time } from "../models/time";
import { periodOf, sheet, type PeriodKind, type Sheet } from "../models/timesheet";
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
  sheet: {
    zone: string;
    now: string;
    entries: Partial<Entry>[];
    days: Record<string, { total: string; lines: [string, string, string | null, string][] }>;
    periods: { kind: PeriodKind; day: string; total: string; by_person: Record<string, string> }[];
  };
};
const NOW = "2026-11-21T09:00:00Z";

describe.each(TABLE.entries)("$name ($zone)", ({ zone, started_at, stopped_at, now, days, months }) => {
  const worked = entry({ started_at, stopped_at });
  const at = Date.parse(now ?? NOW);
  const parts = () => {
    locale.timeZone = zone;
    return partsByDay(worked, at).map((part) => ({ ...part, seconds: workedSeconds(part.begin, part.end) }));
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

describe.each(TABLE.sheet.periods)("the sheet of the $kind of $day", ({ kind, day, total, by_person }) => {
  const { zone, now, entries, days } = TABLE.sheet;
  const period = periodOf(kind, day);
  const found = () => {
    locale.timeZone = zone;
    return sheet(entries.map((fields) => entry(fields)), period, Date.parse(now));
  };

  test("has each day as every sheet has it", () => {
    const those = Object.entries(days).filter(([each]) => each >= period.from && each < period.to);
    expect(drawn(found())).toEqual(those);
  });

  test("has the sum of its days, and of its people", () => {
    const { days: each, seconds, byPerson } = found();
    expect(hours(seconds)).toBe(total);
    expect(each.reduce((sum, one) => sum + one.seconds, 0)).toBe(seconds);
    expect(byPerson.map((one) => [one.personId, hours(one.seconds)])).toEqual(Object.entries(by_person));
    expect(byPerson.reduce((sum, one) => sum + one.seconds, 0)).toBe(seconds);
  });
});

function drawn(found: Sheet) {
  return found.days.map(({ day, seconds, lines }) => [
    day,
    {
      total: hours(seconds),
      lines: lines.map(({ entry: { id }, part, running, seconds: spent }) => [id, time(part.begin), running ? null : time(part.end), hours(spent)]),
    },
  ]);
}
