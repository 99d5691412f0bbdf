import { beforeEach, describe, expect, it } from "vitest";
import type { Snapshot } from "../contract";
import { tellsTheTeam } from "../models/audiences";
import { FACT_PARTS, factSaid, factsOf } from "../models/facts";
import { locale } from "../models/locale";
import { inWords } from "../models/sentences";
import { learn } from "../models/words";
import { LISTS } from "../parts";
import { TIMELINE } from "../sentences";
import { entry, file, room, task } from "./rooms";

const copy = task({ title: "Homepage copy", completed_at: "2026-11-21T09:03:00Z" });
const CASES: [string, Partial<Snapshot>][] = [
  ["Homepage copy is done", { tasks: [copy, task()] }],
  ["Ana started Homepage copy", { entries: [entry({ task_id: copy.id })], tasks: [{ ...copy, completed_at: null }] }],
  ["Ana started the phone", { entries: [entry({ note: "the phone" })] }],
  ["Ana started working", { entries: [entry({ task_id: "unseen" })] }],
  ["Ana (by Rodica Ene) started working", { entries: [entry({ acted_by: { id: "rodica", name: "Rodica Ene" } })] }],
  ["– started working", { entries: [entry({ person_id: "left" })] }],
  ["Mihai added plan.txt", { files: [file({ name: "plan.txt", author_id: "mihai" })] }],
];

function told(things: Partial<Snapshot>): (string | null)[] {
  const view = room(things);
  return factsOf(view, view.things.messages).map((fact) => {
    const said = factSaid(fact, view);
    return said && inWords(said);
  });
}

beforeEach(() => {
  locale.language = "en";
  learn({});
});

describe("a fact", () => {
  for (const [words, things] of CASES) it(`says: ${words}`, () => expect(told(things)).toEqual([words]));

  it("is told here for each sentence that says one can be", () => {
    const names = CASES.flatMap(([, things]) => factsOf(room(things), []).map((fact) => fact.name));
    const declared = Object.entries(TIMELINE.events).flatMap(([name, { fact }]) => (fact ? [name] : []));
    expect([...new Set(names)]).toEqual(declared);
  });

  it("is marked where it is the team's", () => {
    const [fact] = factsOf(room({ tasks: [{ ...copy, audience: "team" }] }), []);
    expect(fact && tellsTheTeam(fact)).toBe(true);
  });

  it("is read off parts of a room that a page can ask for", () => {
    expect(FACT_PARTS.filter((part) => !(part in LISTS))).toEqual([]);
  });
});
