import { describe, expect, it } from "vitest";
import type { WireEvent } from "../contract";
import { belongs, erased, kindOf, namesOf, passes, sentence } from "../models/timeline";
import { room } from "./rooms";

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

  it("loses the words of what is removed, whatever that is", () => {
    const gone = { id: "logo", gone: true };
    const told = event("task.removed", { task: gone });
    expect(erased(event("task.created", { task: { id: "logo", title: "Logo" } }), told)["task"]).toEqual(gone);
    for (const other of [event("task.created", { task: { id: "copy" } }), event("file.added", { file: { id: "logo" } })])
      expect(erased(other, told)).toBe(other);
  });
});

describe("a deed's name", () => {
  it("names who acted in whose name, and counts as theirs", () => {
    const acted = event("message.posted", {
      actor_id: "rodica",
      on_behalf_of: "ana",
      actor_name: "Rodica Ene",
      message: { id: "x", body: "Hello" },
    });
    expect(sentence(acted, room())?.params["who"]).toBe("Ana Popescu (by Rodica Ene)");
    expect(passes(acted, new Set(), "ana")).toBe(true);
    expect(passes(acted, new Set(), "mihai")).toBe(false);
  });

  it("of somebody who isn't in the room is the one that the event says", () => {
    expect(sentence(event("room.changed", { actor_id: "rodica", actor_name: "Rodica Ene" }), room())?.params["who"]).toBe("Rodica Ene");
  });
});
