import { beforeEach, describe, expect, test } from "vitest";
import { ServerClock } from "../models/clock";
import { locale } from "../models/locale";
import * as time from "../models/time";

const now = "2026-11-21T10:48:00Z";

beforeEach(() => {
  locale.language = "en";
  locale.timeZone = "Europe/Bucharest";
});

describe("durations", () => {
  test("tick in hours, minutes and seconds", () => {
    expect([0, 59.9, 2530, 7541, 363_600].map(time.ticking)).toEqual(["0:00:00", "0:00:59", "0:42:10", "2:05:41", "101:00:00"]);
  });

  test("never run below nothing", () => {
    expect(time.ticking(-3)).toBe("0:00:00");
  });

  test("are read in hours and whole minutes", () => {
    expect([0, 59, 112_800].map(time.hours)).toEqual(["0:00", "0:00", "31:20"]);
  });
});

describe("times", () => {
  test("are those of the person's time zone", () => {
    expect(time.time("2026-11-21T07:12:00Z")).toBe("09:12");
    expect(time.dayKey("2026-11-21T22:30:00Z")).toBe("2026-11-22");
  });

  test("leave the year out when it is this one", () => {
    expect(time.day("2026-11-25T10:00:00Z", now)).toBe("25 Nov");
    expect(time.day("2025-11-25T10:00:00Z", now)).toBe("25 Nov 2025");
    expect(time.calendarDay("2026-11-25", now)).toBe("25 Nov");
  });

  test("are told by how long ago they were", () => {
    const ago = ["2026-11-21T10:47:40Z", "2026-11-21T10:44:00Z", "2026-11-21T08:40:00Z", "2026-11-20T15:00:00Z", "2026-11-18T15:00:00Z"];
    expect(ago.map((at) => time.relative(at, now))).toEqual(["now", "4 min ago", "2 hr ago", "yesterday", "3 days ago"]);
    expect(time.relative("2026-10-02T15:00:00Z", now)).toBe("2 Oct");
  });

  test("are headed by their day", () => {
    expect(time.dayHeading("2026-11-21T08:00:00Z", now)).toBe("Today");
    expect(time.dayHeading("2026-11-20T21:59:00Z", now)).toBe("Yesterday");
    expect(time.dayHeading("2026-11-18T08:00:00Z", now)).toBe("Wednesday 18 November");
  });

  test("speak the page's language", () => {
    locale.language = "ro";
    expect(time.dayHeading("2026-11-20T12:00:00Z", now)).toBe("Ieri");
    locale.language = "uk";
    expect(time.dayHeading("2026-11-21T12:00:00Z", now)).toBe("Сьогодні");
  });
});

describe("the server's clock", () => {
  const device = Date.parse(now);
  const clock = () => new ServerClock(() => device);

  test("is the device's own while nothing speaks against it", () => {
    const server = clock();
    server.heard("2026-11-21T10:47:00Z");
    server.answered("2026-11-21T10:48:00Z", device - 80);
    expect(server.offset).toBe(0);
  });

  test("is later when the server writes of what is still to come here", () => {
    const server = clock();
    server.heard("2026-11-21T10:50:00Z");
    expect(server.offset).toBe(120_000);
  });

  test("is earlier when the server answers with what was long past when it was asked", () => {
    const server = clock();
    server.answered("2026-11-21T10:46:00Z", device - 100);
    expect(server.offset).toBe(-119_900);
  });

  test("starts over when the device's clock was set", () => {
    const server = clock();
    server.heard("2026-11-21T10:50:00Z");
    server.answered("2026-11-21T10:48:00Z", device - 100);
    expect(server.offset).toBe(0);
  });
});
