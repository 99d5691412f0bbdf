import { describe, expect, it } from "vitest";
import { RoomView } from "../models/room";
import { entry, room, task } from "./rooms";

const NOW = Date.parse("2026-11-20T12:00:00Z");

describe("a room", () => {
  it("lists its members by what they do: who works, who is here, the others", () => {
    const view = room({
      entries: [entry({ person_id: "mihai", stopped_at: null })],
      presences: [{ id: "elena", state: "online" }],
    });
    expect(view.members.map((person) => person.id)).toEqual(["mihai", "elena", "ana"]);
    expect(view.clients.map((person) => person.name)).toEqual(["Elena Nord"]);
  });

  it("takes nothing when it is archived, but its restoring", () => {
    const { things } = room();
    const archived = room({
      room: { ...things.room, archived_at: "2026-11-20T09:00:00Z" },
      me: { ...things.me, may: ["message.post", "room.restore"] },
    });
    expect(room().may("message.post")).toBe(true);
    expect(archived.may("message.post")).toBe(false);
    expect(archived.may("room.restore")).toBe(true);
  });

  it("counts a task's time with the clock that runs on it", () => {
    const copy = task();
    const view = room({
      tasks: [copy],
      entries: [
        entry({ task_id: copy.id }),
        entry({ task_id: copy.id, started_at: "2026-11-20T11:30:00Z", stopped_at: null }),
        entry(),
      ],
    });
    expect(view.spentOn(copy.id, NOW)).toBe(5400);
    expect(view.secondsThisWeek(NOW)).toBe(9000);
  });

  it("knows the asker's own clock from the others'", () => {
    const theirs = entry({ person_id: "mihai", stopped_at: null });
    expect(room({ entries: [theirs] }).mine).toBeUndefined();
    const own = entry({ stopped_at: null });
    expect(room({ entries: [theirs, own] }).mine).toBe(own);
  });

  it("knows who of the team is away on a day, both ends counted", () => {
    const week = { id: "leave", person_id: "ana", starts_on: "2026-11-19", ends_on: "2026-11-24", starts_at_noon: false, ends_at_noon: false, kind_id: null };
    const view = new RoomView(room().things, [week]);
    const on = (day: string) => view.absence("ana", day)?.id;
    expect([on("2026-11-18"), on("2026-11-19"), on("2026-11-24"), on("2026-11-25")]).toEqual([undefined, "leave", "leave", undefined]);
    expect(view.absence("mihai", "2026-11-20")).toBeUndefined();
  });

  it("says under what was done in somebody's name who really did it", () => {
    const [ana] = room().things.persons;
    const rita = { id: "rita", name: "Rita" };
    expect(room().signed(ana!.id, rita)).toBe(`${ana!.name} (by Rita)`);
    expect(room().signed(ana!.id, null)).toBe(ana!.name);
  });
});
