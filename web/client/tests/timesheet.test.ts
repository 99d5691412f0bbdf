import { beforeAll, describe, expect, it } from "vitest";
import { locale } from "../models/locale";
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

  it("draws a day from its first start to its last stop", () => {
    const strip = stripOf(
      [
        entry({ started_at: "2026-11-20T08:00:00Z", stopped_at: "2026-11-20T09:00:00Z" }),
        entry({ started_at: "2026-11-20T11:00:00Z", stopped_at: null }),
      ],
      NOW,
    );
    expect(strip).toEqual([
      { left: 0, width: 25, now: false },
      { left: 75, width: 25, now: true },
    ]);
  });
});
