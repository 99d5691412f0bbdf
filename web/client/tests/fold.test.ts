import { describe, expect, test } from "vitest";
import { apply, empty, load } from "../models/fold";
import { event } from "./events";

const snapshot = {
  room: { id: "website", title: "Website" },
  me: { person_id: "ana", lens: "staff", may: [] },
  tasks: [
    { id: "copy", title: "Homepage copy" },
    { id: "form", title: "Order form" },
  ],
  messages: [],
};

describe("the fold", () => {
  test("has every list, also after a hub of an older version, which knows fewer", () => {
    expect(load(snapshot)).toEqual({ ...empty(), ...snapshot });
    expect(load(snapshot)["reactions"]).toEqual([]);
  });

  test("adds a thing that is new, after the others", () => {
    const things = apply(load(snapshot), event(1, { task: { id: "logo", title: "Logo" } }));
    expect(things["tasks"]).toEqual([...snapshot.tasks, { id: "logo", title: "Logo" }]);
  });

  test("replaces a thing in its place by its whole new form", () => {
    const things = apply(load(snapshot), event(1, { task: { id: "copy", title: "Front page copy" } }));
    expect(things["tasks"]).toEqual([{ id: "copy", title: "Front page copy" }, snapshot.tasks[1]]);
  });

  test("drops a thing that is gone, and only it", () => {
    const things = apply(load(snapshot), event(1, { task: { id: "copy", gone: true } }));
    expect(things["tasks"]).toEqual([snapshot.tasks[1]]);
  });

  test("takes it calmly when what is gone was never seen", () => {
    const things = apply(load(snapshot), event(1, { task: { id: "secret", gone: true } }));
    expect(things["tasks"]).toBe(snapshot.tasks);
  });

  test("replaces what stands alone", () => {
    const things = apply(load(snapshot), event(1, { room: { id: "website", title: "Site" } }));
    expect(things["room"]).toEqual({ id: "website", title: "Site" });
  });

  test("puts a room into a list where rooms are listed", () => {
    const things = apply(load({ rooms: [snapshot.room] }), event(1, { room: { id: "website", title: "Site" } }));
    expect(things["rooms"]).toEqual([{ id: "website", title: "Site" }]);
  });

  test("folds every thing that one event carries", () => {
    const fields = { task: { id: "copy", title: "Copy" }, message: { id: "m", body: "done" } };
    const things = apply(load(snapshot), event(1, fields));
    expect(things["messages"]).toEqual([{ id: "m", body: "done" }]);
    expect((things["tasks"] as { title: string }[])[0]?.title).toBe("Copy");
  });

  test("leaves what an event says beside its things out of the state", () => {
    const before = load(snapshot);
    expect(apply(before, event(1, { changed: ["due_on"], reason: "asked" }))).toBe(before);
  });

  test("mutates nothing that was handed out", () => {
    const before = load(snapshot);
    const copy = structuredClone(before);
    apply(before, event(1, { task: { id: "copy", gone: true }, room: { id: "website", title: "Site" } }));
    expect(before).toEqual(copy);
  });

  test("adds to a list that the snapshot hadn't", () => {
    const things = apply(load({}), event(1, { timer: { id: "e" } }));
    expect(things["timers"]).toEqual([{ id: "e" }]);
  });

  test("folds what is told as it folds what is stored", () => {
    const things = apply(load({ presences: [] }), event(null, { presence: { id: "ana", state: "online" } }));
    expect(things["presences"]).toEqual([{ id: "ana", state: "online" }]);
  });

  test("folds a list of things as it folds each", () => {
    const before = load({ presences: [{ id: "ana", state: "online" }] });
    const things = apply(before, event(null, { presences: [{ id: "ana", state: "away" }, { id: "mihai", state: "online" }] }));
    expect(things["presences"]).toEqual([{ id: "ana", state: "away" }, { id: "mihai", state: "online" }]);
  });

  test("builds the same from an empty state and from the log", () => {
    const log = [
      event(1, { room: { id: "website", title: "Website" } }),
      event(2, { task: { id: "copy", title: "Copy" } }),
      event(3, { task: { id: "copy", title: "Homepage copy" } }),
    ];
    const things = log.reduce((state, told) => apply(state, told), empty());
    expect(things["room"]).toEqual({ id: "website", title: "Website" });
    expect(things["tasks"]).toEqual([{ id: "copy", title: "Homepage copy" }]);
  });
});
