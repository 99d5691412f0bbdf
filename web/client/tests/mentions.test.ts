import { describe, expect, it } from "vitest";
import type { Department } from "../contract";
import { beginning, coded, drawn, followed, matching, mentioned, reaching, spelled, spoken, typed, type Addressee, type Picked } from "../models/mentions";

const ANA = "01900000-0000-7000-8000-000000000001";
const ANA_MARIA = "01900000-0000-7000-8000-000000000002";
const DESIGN = "01900000-0000-7000-8000-000000000003";
const OTHER = "01900000-0000-7000-8000-000000000004";
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

/** A name that was picked, at its place in a text. */
function pick(text: string, id: string, name: string, nth = 0): Picked {
  return { id, name, from: [...text.matchAll(new RegExp(`@${name}`, "g"))][nth]!.index };
}

describe("what is sent", () => {
  it("is what was typed, wherever names stand in it", () => {
    const typed = ["@Ana Maria Pop, ask @ana", "me@ana", "`` @Ana ``", "~~~\n@Ana\n~~~", "    @Ana", "```\n@Ana", "\\@Ana", "https://x/@Ana"];
    for (const text of typed) expect(coded(text, [], PEOPLE)).toBe(text);
  });

  it("stays so where a picked name says who is meant", () => {
    for (const text of ["@Ana, look", "`@Ana`", "@ana and @Ana"]) expect(coded(text, [pick(text, ANA, "Ana")], PEOPLE)).toBe(text);
  });

  it("says who was picked of two who are called alike, in its own place alone", () => {
    const people: Addressee[] = [...PEOPLE, { id: OTHER, name: "Ană", kind: "person" }];
    const text = "@Ana or @Ana";
    expect(coded(text, [pick(text, ANA, "Ana", 1)], people)).toBe(`@Ana or @[${ANA}]`);
    expect(coded(text, [pick(text, OTHER, "Ana"), pick(text, ANA, "Ana", 1)], people)).toBe(`@[${OTHER}] or @[${ANA}]`);
  });

  it("says who was picked where a longer name begins, or nobody here has the name", () => {
    expect(coded("@Ana Maria Pop", [pick("@Ana Maria Pop", ANA, "Ana")], PEOPLE)).toBe(`@[${ANA}] Maria Pop`);
    expect(coded("@Design", [pick("@Design", DESIGN, "Design")], PEOPLE.slice(0, 2))).toBe(`@[${DESIGN}]`);
  });

  it("is read with the names of today", () => {
    expect(spoken(`@[${ANA}] and @[${DESIGN}]`, (id) => (id === ANA ? "Ana Pop" : undefined))).toBe("@Ana Pop and @the team");
  });
});

describe("a picked name", () => {
  const picked = (text: string) => [pick(text, ANA, "Ana", 0), pick(text, OTHER, "Ana", 1)];
  const left = (before: string, after: string, caret: number) =>
    followed(picked(before), before, after, caret).map(({ id, from }) => [id, from]);

  it("moves with what is written before it", () => {
    expect(left("@Ana @Ana ", "Oh, @Ana @Ana ", 4)).toEqual([[ANA, 4], [OTHER, 9]]);
    expect(left("@Ana @Ana ", "@Ana and @Ana ", 8)).toEqual([[ANA, 0], [OTHER, 9]]);
    expect(left("@Ana @Ana ", "@Ana @Ana look", 14)).toEqual([[ANA, 0], [OTHER, 5]]);
  });

  it("goes with its words, and not with another's", () => {
    expect(left("@Ana @Ana ", "@Ana ", 0)).toEqual([[OTHER, 0]]);
    expect(left("@Ana @Ana ", "@Ana ", 5)).toEqual([[ANA, 0]]);
    expect(left("@Ana @Ana ", "", 0)).toEqual([]);
  });

  it("is a word like others once it was changed", () => {
    expect(left("@Ana @Ana", "@Anna @Ana", 3)).toEqual([[OTHER, 6]]);
    expect(left("@Ana @Ana", "@Ana @Anabel", 12)).toEqual([[ANA, 0]]);
    expect(left("@Ana @Ana", "x@Ana @Ana", 1)).toEqual([[OTHER, 6]]);
    expect(left("@Ana @Ana", "@Ana @Ana!", 10)).toEqual([[ANA, 0], [OTHER, 5]]);
  });
});

describe("what is edited", () => {
  it("goes back as it was, names in code and beside letters too", () => {
    for (const body of [`@[${ANA}] and \`@[${DESIGN}]\``, `x@[${ANA}]y`, `a\n@[${OTHER}]`]) {
      const { text, picked } = spelled(body, (id) => names.get(id));
      expect(text).not.toContain("[");
      expect(coded(text, picked, PEOPLE)).toBe(body);
    }
  });

  it("goes back as it was though something else was written", () => {
    const { text, picked } = spelled(`x@[${ANA}]y, @[${DESIGN}]`, (id) => names.get(id));
    const after = `${text} z`;
    expect(coded(after, followed(picked, text, after, after.length), PEOPLE)).toBe(`x@[${ANA}]y, @[${DESIGN}] z`);
  });

  it("has its lines as a field has them", () => {
    const { text, picked } = spelled(`a\r\n@[${ANA}]`, (id) => names.get(id));
    expect(text).toBe("a\n@Ana");
    expect(picked[0]!.from).toBe(2);
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
