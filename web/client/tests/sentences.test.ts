import { readFileSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import type { Process, Stage, WireEvent } from "../contract";
import { plain } from "../models/excerpts";
import { locale } from "../models/locale";
import { inWords, said } from "../models/sentences";
import { sentence } from "../models/timeline";
import { learn } from "../models/words";
import { NOTICES, TIMELINE } from "../sentences";
import { file, room, task } from "./rooms";

interface Case {
  said: string | null;
  icon?: string;
  kind?: string;
  event: { name: string };
}

type Names = Record<string, string>;

/** What the server says too: tests/web/test_sentences.py reads it. */
const TABLE = JSON.parse(readFileSync(new URL("../../../tests/shared/sentences.json", import.meta.url), "utf8")) as {
  room: { persons: Names; tasks: Names; files: Names; room_stages: Names; task_stages: Names };
  timeline: Case[];
  notices: Case[];
  plain: [string, string][];
};

const ids = (names: Names) => Object.entries(names).map(([id, name]) => ({ id, name }));
const stages = (names: Names) => ids(names).map((stage): Stage => ({ ...stage, key: null, final: false }));
const view = room({
  persons: ids(TABLE.room.persons).map((person) => ({ ...person, kind: "staff" as const })),
  tasks: ids(TABLE.room.tasks).map(({ id, name }) => task({ id, title: name })),
  files: ids(TABLE.room.files).map((known) => file(known)),
  process: {
    ...({ id: "projects", key: "projects", name: "Projects" } as Process),
    room_stages: stages(TABLE.room.room_stages),
    task_stages: stages(TABLE.room.task_stages),
  },
});

beforeEach(() => {
  locale.language = "en";
  learn({});
});

describe("a sentence", () => {
  for (const { said: text, icon, event } of TABLE.timeline) {
    it(`of the timeline: ${text ?? event.name}`, () => {
      const found = sentence({ actor_id: "ana", ...event } as unknown as WireEvent, view);
      expect(found && inWords(found)).toBe(text);
      expect(found?.icon ?? null).toBe(icon);
    });
  }

  for (const { said: text, kind, event } of TABLE.notices) {
    it(`of a notice: ${text ?? event.name}`, () => {
      const found = said(NOTICES, { ...event, language: "en" });
      expect([found && inWords(found), found?.kind ?? null]).toEqual([text, kind]);
    });
  }

  it("is in the reader's language", () => {
    learn({ "{who} took {what} out of the room": "{who} a eliminat din cameră: {what}", "a task": "o sarcină" });
    const told = { name: "member.removed", actor_id: "ana", member: { id: "elena", gone: true } };
    expect(inWords(sentence(told as unknown as WireEvent, view)!)).toBe("Ana Popescu a eliminat din cameră: Elena Nord");
    const gone = said(TIMELINE, { name: "task.completed", task: { id: "x", gone: true } }, { doer: () => "Ana", name: () => null });
    expect(gone?.params["what"]).toBe("o sarcină");
  });
});

describe("the beginning of a text", () => {
  for (const [markdown, line] of TABLE.plain) {
    it(`of ${JSON.stringify(markdown.slice(0, 30))}`, () => expect(plain(markdown)).toBe(line));
  }
});
