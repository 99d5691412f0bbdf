import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { folded, holds } from "../models/folding";
import { compareNames } from "../models/sorting";

const cases = JSON.parse(readFileSync(new URL("../../../tests/shared/folding.json", import.meta.url), "utf8")) as {
  folded: Record<string, string>;
  sorted: Record<string, string[]>;
};

describe("folding", () => {
  it.each(Object.entries(cases.folded))("makes of %j what the server makes of it", (text, becomes) => {
    expect(folded(text)).toBe(becomes);
    expect(folded(becomes)).toBe(becomes);
  });

  it("finds in any case and on any keyboard", () => {
    expect(holds("Oferta pentru Ștefan", "ŞTEFAN")).toBe(true);
    expect(holds("Київ", "киї")).toBe(true);
    expect(holds("Київ", "киі")).toBe(false);
    expect(holds("100 percent", "100%")).toBe(false);
  });
});

describe("sorting", () => {
  it.each(Object.entries(cases.sorted))("is as the server's for who reads %s", (language, names) => {
    const compare = (a: string, b: string) => compareNames(a, b, language);
    expect([...names].reverse().sort(compare)).toEqual(names);
  });
});
