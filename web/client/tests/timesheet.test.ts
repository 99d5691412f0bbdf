import { beforeAll, describe, expect, it } from "vitest";
import { locale } from "../models/locale";
import { hours } from "../models/time";
import { periodOf, sheet, stepped, stripOf } from "../models/timesheet";
import { entry } from "./rooms";

beforeAll(() => {
  locale.timeZone = "Europe/Chisinau";
});

const NOW = Date.parse("2026-11-20T12:00:00Z");

describe("a period", () => {
  it("is a week from Monday, or a month", () => {
    expect(periodOf("week", "2026-11-22")).toEqual({ kind: "week", from: "2026-11-16", to: "2026-11-23" });
    expect(periodOf("month", "2026-12-31")).toEqual({ kind: "month", from: "2026-12-01", to: "2027-01-01" });
  });

  it("steps over the year's end", () => {
    expect(stepped(periodOf("month", "2026-12-05"), 1).from).toBe("2027-01-01");
    expect(stepped(periodOf("week", "2027-01-01"), -1).from).toBe("2026-12-21");
  });
});

describe("a timesheet", () => {
  it("adds up by day and by person, running time too", () => {
    const found = sheet(
      [
        entry({ started_at: "2026-11-20T08:00:00Z", stopped_at: "2026-11-20T09:30:00Z" }),
        entry({ started_at: "2026-11-20T11:00:00Z", stopped_at: null, person_id: "mihai" }),
        entry({ started_at: "2026-11-19T08:00:00Z", stopped_at: "2026-11-19T08:15:00Z" }),
        entry({ started_at: "2026-11-13T08:00:00Z", stopped_at: "2026-11-13T10:00:00Z" }),
      ],
      periodOf("week", "2026-11-20"),
      NOW,
    );
    expect(found.seconds).toBe(9900);
    expect(found.days.map(({ day, seconds }) => [day, seconds])).toEqual([
      ["2026-11-20", 9000],
      ["2026-11-19", 900],
    ]);
    expect(found.byPerson).toEqual([
      { personId: "ana", seconds: 6300 },
      { personId: "mihai", seconds: 3600 },
    ]);
  });

  it("puts an entry on the day that it is in the reader's time zone", () => {
    const late = entry({ started_at: "2026-11-22T22:30:00Z", stopped_at: "2026-11-22T23:00:00Z" });
    expect(sheet([late], periodOf("week", "2026-11-22"), NOW).days).toEqual([]);
    expect(sheet([late], periodOf("week", "2026-11-23"), NOW).days.map(({ day }) => day)).toEqual(["2026-11-23"]);
  });

  it("counts on each side of a border what lies there", () => {
    const evening = entry({ started_at: "2026-10-31T20:00:00Z", stopped_at: "2026-11-01T02:00:00Z" });
    const october = sheet([evening], periodOf("month", "2026-10-15"), NOW);
    const november = sheet([evening], periodOf("month", "2026-11-15"), NOW);
    expect([october.seconds, november.seconds]).toEqual([2 * 3600, 4 * 3600]);
    expect([october.days.map(({ day }) => day), november.days.map(({ day }) => day)]).toEqual([["2026-10-31"], ["2026-11-01"]]);
    expect(november.byPerson).toEqual([{ personId: "ana", seconds: 4 * 3600 }]);
  });

  it("shows parts whose minutes add up to the total's", () => {
    const begun = ["08:00:00", "09:00:00", "10:00:00"];
    const found = sheet(
      begun.map((at, place) =>
        entry({
          started_at: `2026-11-20T${at}Z`,
          stopped_at: `2026-11-20T${at.slice(0, 2)}:20:40Z`,
          person_id: place === 1 ? "mihai" : "ana",
        }),
      ),
      periodOf("week", "2026-11-20"),
      NOW,
    );
    expect(hours(found.seconds)).toBe("1:00");
    expect(found.days[0]!.lines.map(({ seconds }) => hours(seconds))).toEqual(["0:20", "0:20", "0:20"]);
    expect(found.byPerson.map(({ seconds }) => hours(seconds))).toEqual(["0:40", "0:20"]);
  });

  it("keeps the minutes of what is over while something runs", () => {
    const entries = [
      entry({ started_at: "2026-11-20T08:00:00Z", stopped_at: "2026-11-20T08:20:40Z" }),
      entry({ started_at: "2026-11-20T07:30:00Z", stopped_at: null, person_id: "mihai" }),
    ];
    for (let second = 0; second < 60; second++) {
      const { days } = sheet(entries, periodOf("week", "2026-11-20"), NOW + second * 1000);
      expect(days[0]!.lines.map(({ running, seconds }) => running || hours(seconds))).toEqual(["0:20", true]);
    }
  });

  it("runs on today alone", () => {
    const night = entry({ started_at: "2026-11-19T20:00:00Z", stopped_at: null });
    const { days } = sheet([night], periodOf("week", "2026-11-20"), NOW);
    expect(days.map(({ day, lines }) => [day, lines[0]!.running, hours(lines[0]!.seconds)])).toEqual([
      ["2026-11-20", true, "14:00"],
      ["2026-11-19", false, "2:00"],
    ]);
  });

  it("draws a day from its first start to its last stop", () => {
    const { days } = sheet(
      [
        entry({ started_at: "2026-11-20T08:00:00Z", stopped_at: "2026-11-20T09:00:00Z" }),
        entry({ started_at: "2026-11-20T11:00:00Z", stopped_at: null }),
      ],
      periodOf("week", "2026-11-20"),
      NOW,
    );
    expect(stripOf(days[0]!.lines)).toEqual([
      { left: 75, width: 25, now: true },
      { left: 0, width: 25, now: false },
    ]);
  });
});
