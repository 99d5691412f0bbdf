import { describe, expect, test } from "vitest";
import { Keys, named, shown } from "../models/keys";
import { fitting } from "../models/palette";
import type { Offer } from "../models/palette";
import { initials, tone } from "../models/person";

const press = (key: string, held: object = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held });

describe("keys", () => {
  const known = new Set(["n", "g r", "g h", "mod+k"]);

  test("have one name on every keyboard", () => {
    expect(named(press("K", { ctrlKey: true }))).toBe("mod+k");
    expect(named(press("k", { metaKey: true }))).toBe("mod+k");
    expect(named(press("Shift"))).toBeNull();
  });

  test("of a pair count in order, and soon", () => {
    const keys = new Keys();
    expect(keys.press("g", known, 0)).toBeNull();
    expect(keys.press("r", known, 500)).toBe("g r");
    expect(keys.press("r", known, 600)).toBeNull();
    keys.press("g", known, 1000);
    expect(keys.press("r", known, 9000)).toBeNull();
  });

  test("that follow no pair count by themselves", () => {
    const keys = new Keys();
    keys.press("g", known, 0);
    expect(keys.press("n", known, 100)).toBe("n");
  });

  test("are printed as on the caps", () => {
    expect(shown("g r", false)).toBe("G R");
    expect(shown("mod+k", false)).toBe("Ctrl K");
    expect(shown("mod+enter", true)).toBe("⌘ ↵");
  });
});

describe("the palette", () => {
  const offer = (title: string): Offer => ({ group: "", title, detail: "", key: "", icon: "", take: () => undefined });
  const titles = (typed: string) => fitting(["Account", "Rooms", "New room", "Mihăilă"].map(offer), typed).map(({ title }) => title);

  test("offers everything to who typed nothing", () => {
    expect(titles("")).toEqual(["Account", "Rooms", "New room", "Mihăilă"]);
  });

  test("puts first what begins so", () => {
    expect(titles("roo")).toEqual(["Rooms", "New room"]);
  });

  test("finds words in any order, and letters without their marks", () => {
    expect(titles("room new")).toEqual(["New room"]);
    expect(titles("mihaila")).toEqual(["Mihăilă"]);
  });
});

describe("a person", () => {
  test("is drawn by the first letters of the first and the last name", () => {
    expect(["Ana Popescu", "Ana-Maria de la Cruz", "олена", ""].map(initials)).toEqual(["AP", "AC", "О", ""]);
  });

  test("keeps one of eight colours", () => {
    expect(tone("018f0000-0000-7000-8000-0000000000a1")).toBe("tone-2");
    expect(tone("018f0000-0000-7000-8000-0000000000a8")).toBe("tone-1");
  });
});
