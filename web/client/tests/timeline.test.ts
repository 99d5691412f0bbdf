import { describe, expect, it } from "vitest";
import type { WireEvent } from "../contract";
import { belongs, kindOf, MARKS, NAMES, namesOf, passes, sentence } from "../models/timeline";
import { room, task } from "./rooms";

const event = (name: string, fields: object = {}): WireEvent => ({
  name,
  at: { epoch: "1", offset: 7 },
  stream: "room:website",
  room_id: "website",
  actor_id: "ana",
  recorded_at: "2026-11-21T09:00:00Z",
  ...fields,
});

describe("the timeline", () => {
  it("has a sentence and a mark for each event it shows", () => {
    for (const name of Object.values(NAMES).flat()) {
      const { pattern, params } = sentence(event(name, { message: { id: "x", gone: true } }), room());
      expect(pattern, name).toContain("{who}");
      expect(params["who"], name).toBe("Ana Popescu");
      expect(MARKS[name], name).toBeDefined();
    }
  });

  it("leaves out what is told and not kept", () => {
    expect(belongs(event("message.posted"))).toBe(true);
    expect(belongs(event("presence.changed", { at: null }))).toBe(false);
    expect(belongs(event("signal.sent", { at: null }))).toBe(false);
  });

  it("is filtered by kind and by person", () => {
    expect(passes(event("task.created"), new Set(["tasks"]), null)).toBe(true);
    expect(passes(event("task.created"), new Set(["files"]), null)).toBe(false);
    expect(passes(event("task.created"), new Set(), "mihai")).toBe(false);
    expect(namesOf(new Set(["time"]))).toEqual(["timer.started", "timer.stopped"]);
    expect(kindOf("file.added")).toBe("files");
  });

  it("says where a task was moved", () => {
    const moved = event("task.changed", { task: task({ stage_id: "doing" }), changed: ["stage_id"] });
    expect(sentence(moved, room())).toEqual({
      pattern: "{who} moved {what} to {stage}",
      params: { who: "Ana Popescu", what: "Homepage copy", stage: "In progress" },
    });
  });

  it("doesn't know the words of what was deleted", () => {
    const { pattern, params } = sentence(event("message.posted", { message: { id: "x", gone: true } }), room());
    expect(pattern).toBe("{who} wrote a message, deleted since");
    expect(params["what"]).toBe("");
  });

  it("tells someone who left from someone who was taken out", () => {
    expect(sentence(event("member.removed", { member: { id: "ana", gone: true } }), room()).pattern).toBe(
      "{who} left the room",
    );
    expect(sentence(event("member.removed", { member: { id: "elena", gone: true } }), room())).toMatchObject({
      pattern: "{who} took {what} out of the room",
      params: { what: "Elena Nord" },
    });
  });
});

describe("a deed's name", () => {
  const stopped = (fields: object) => sentence(event("timer.stopped", { entry: { id: "e", person_id: "ana", note: "" }, ...fields }), room());

  it("is the person's own where they stop their own timer", () => {
    expect(stopped({}).pattern).toBe("{who} stopped working");
  });

  it("says whose timer another ended, and with what", () => {
    const params = { who: "Mihai Ionescu", whose: "Ana Popescu" };
    expect(stopped({ actor_id: "mihai", reason: "room_archived" })).toMatchObject({
      pattern: "{whose}'s timer was stopped when {who} archived the room",
      params,
    });
    expect(stopped({ actor_id: "mihai" })).toMatchObject({ pattern: "{who} stopped {whose}'s timer", params });
  });

  it("names who acted in whose name, and counts as theirs", () => {
    const acted = event("message.posted", {
      actor_id: "rodica",
      on_behalf_of: "ana",
      actor_name: "Rodica Ene",
      message: { id: "x", body: "Hello" },
    });
    expect(sentence(acted, room()).params["who"]).toBe("Ana Popescu (by Rodica Ene)");
    expect(passes(acted, new Set(), "ana")).toBe(true);
    expect(passes(acted, new Set(), "mihai")).toBe(false);
    expect(sentence(event("member.removed", { ...acted, name: "member.removed", message: undefined, member: { id: "ana" } }), room()).pattern).toBe("{who} left the room");
  });

  it("of somebody who isn't in the room is the one that the event says", () => {
    expect(sentence(event("room.changed", { actor_id: "rodica", actor_name: "Rodica Ene" }), room()).params["who"]).toBe("Rodica Ene");
  });
});
