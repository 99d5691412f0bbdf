import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, test } from "vitest";
import { locale } from "../models/locale";
import { calendarDay } from "../models/time";
import { learn, t, tn } from "../models/words";

beforeEach(() => {
  locale.language = "en";
  learn({});
});

interface Said {
  forms: string[];
  of_fractions: string | null;
  said: Record<string, string>;
}

/** What the server says too: tests/web/test_quantities.py reads it. */
const TABLE = JSON.parse(
  readFileSync(new URL("../../../tests/shared/quantities.json", import.meta.url), "utf8").replaceAll("%(count)s", "{count}"),
) as Record<string, Said>;

const tasks = (count: number) => tn("{count} task", "{count} tasks", count);

describe("words", () => {
  test("are the English ones when the catalogue doesn't know better", () => {
    expect(t("Stop the timer")).toBe("Stop the timer");
    expect([0, 1, 2].map(tasks)).toEqual(["0 tasks", "1 task", "2 tasks"]);
  });

  test("take their parameters by name, and leave what nobody gave", () => {
    expect(t("{name} is typing in {room}", { name: "Ana" })).toBe("Ana is typing in {room}");
  });

  test("end a sentence with one full stop, even after a date that brings its own", () => {
    const leave = (language: string, text: string) => {
      locale.language = language;
      learn({ "Away until {day}. See {name}.": text });
      return t("Away until {day}. See {name}.", { day: calendarDay("2026-12-03", "2026-11-30T12:00:00Z"), name: "Ana" });
    };
    expect(leave("en", "Away until {day}. See {name}.")).toBe("Away until 3 Dec. See Ana.");
    expect(leave("ro", "În concediu până pe {day}. Vezi {name}.")).toBe("În concediu până pe 3 dec. Vezi Ana.");
    expect(leave("uk", "У відпустці до {day}. Див. {name}.")).toBe("У відпустці до 3 груд. Див. Ana.");
    expect(t("{file}.pdf is here, {company}, {nobody}.", { file: "a.", company: "Nord S.R.L." })).toBe("a..pdf is here, Nord S.R.L., {nobody}.");
  });

  test("come from the catalogue", () => {
    learn({ "Stop the timer": "Oprește cronometrul", "Not yet": "" });
    expect(t("Stop the timer")).toBe("Oprește cronometrul");
    expect(t("Not yet")).toBe("Not yet");
  });

  test("have Romanian's three forms", () => {
    locale.language = "ro";
    learn({ "{count} task": ["{count} sarcină", "{count} sarcini", "{count} de sarcini"] });
    expect([1, 2, 0, 19, 20, 101].map(tasks)).toEqual([
      "1 sarcină",
      "2 sarcini",
      "0 sarcini",
      "19 sarcini",
      "20 de sarcini",
      "101 sarcini",
    ]);
  });

  test("have Ukrainian's three forms", () => {
    locale.language = "uk";
    learn({ "{count} task": ["{count} завдання", "{count} завдання·", "{count} завдань"] });
    expect([1, 2, 5, 11, 21, 24].map(tasks)).toEqual([
      "1 завдання",
      "2 завдання·",
      "5 завдань",
      "11 завдань",
      "21 завдання",
      "24 завдання·",
    ]);
  });

  test.each(Object.entries(TABLE))("say halves and whole numbers with their noun: %s", (language, { forms, of_fractions, said }) => {
    locale.language = language;
    learn({ "{count} day": forms, ...(of_fractions ? { "{count} days": of_fractions } : {}) });
    for (const [count, text] of Object.entries(said)) {
      expect(tn("{count} day", "{count} days", Number(count))).toBe(text);
    }
  });
});
