import { describe, expect, it } from "vitest";
import type { Department } from "../contract";
import { beginning, coded, drawn, matching, mentioned, reaching, spoken, typed, type Addressee } from "../models/mentions";

const ANA = "01900000-0000-7000-8000-000000000001";
const ANA_MARIA = "01900000-0000-7000-8000-000000000002";
const DESIGN = "01900000-0000-7000-8000-000000000003";
const PEOPLE: Addressee[] = [
  { id: ANA, name: "Ana", kind: "person" },
  { id: ANA_MARIA, name: "Ana Maria Pop", kind: "person" },
  { id: DESIGN, name: "Design", kind: "department" },
];
const names = new Map(PEOPLE.map((one) => [one.id, one.name]));

describe("a mention that is being written", () => {
  it("begins at an @ that stands before a word", () => {
    expect(beginning("Hello @an", 9)).toEqual({ from: 6, words: "an" });
    expect(beginning("@", 1)).toEqual({ from: 0, words: "" });
    expect(beginning("(@ana maria", 11)).toEqual({ from: 1, words: "ana maria" });
  });

  it("is none inside an address, or after it was left", () => {
    expect(beginning("ana@an", 6)).toBeNull();
    expect(beginning("Hello @ ana", 11)).toBeNull();
    expect(beginning("Hello @ana\nthere", 16)).toBeNull();
  });

  it("finds by any word of the name", () => {
    expect(matching("mar", PEOPLE).map((one) => one.id)).toEqual([ANA_MARIA]);
    expect(matching("", PEOPLE)).toHaveLength(3);
  });
});

describe("what is sent", () => {
  it("holds identifiers for names, the longest name first", () => {
    expect(coded("@Ana Maria Pop, ask @ana and @Design!", PEOPLE)).toBe(`@[${ANA_MARIA}], ask @[${ANA}] and @[${DESIGN}]!`);
  });

  it("leaves addresses, longer words and code alone", () => {
    for (const text of ["me@ana", "@Anabel", "`@Ana`", "```\n@Design\n```"]) expect(coded(text, PEOPLE)).toBe(text);
  });

  it("is read with the names of today", () => {
    const body = coded("@Ana and @Design", PEOPLE);
    expect(spoken(body, (id) => (id === ANA ? "Ana Pop" : undefined))).toBe("@Ana Pop and @the team");
  });
});

describe("what is typed", () => {
  it("keeps the blanks before its first line, which make it code", () => {
    expect(typed("\n  \n    let it be\n    so\n\n")).toBe("    let it be\n    so");
  });
});

describe("whom a message addresses", () => {
  it("is said by its HTML, where code is code", () => {
    expect(mentioned(`<p><span data-mention="${ANA}">@</span> <code>@[${DESIGN}]</code></p>`)).toEqual([ANA]);
  });
});

describe("a mention that is shown", () => {
  const html = `<p><span data-mention="${ANA}">@</span> <span data-mention="${DESIGN}">@</span></p>`;

  it("has a name, and stands out for whom it concerns", () => {
    expect(drawn(html, (id) => names.get(id), new Set([ANA]))).toBe(
      `<p><span class="mention mention-own" data-mention="${ANA}">@Ana</span> <span class="mention" data-mention="${DESIGN}">@Design</span></p>`,
    );
  });

  it("shows a name's signs as they are", () => {
    expect(drawn(html, () => `<b>"&`, new Set())).toContain("@&#60;b&#62;&#34;&#38;</span>");
  });
});

it("a department reaches the people of those below it", () => {
  const unit = (id: string, parent_id: string | null, people: string[]): Department => ({
    id, parent_id, name: id, head_id: null, deputy_ids: [], members: people.map((person_id) => ({ person_id, main: true })),
  });
  const tree = [unit("firm", null, []), unit("design", "firm", []), unit("web", "design", [ANA]), unit("sales", "firm", [])];
  expect([...reaching(tree, ANA)].sort()).toEqual(["design", "firm", "web"]);
});
