import { describe, expect, test } from "vitest";
import type { Counts, WireEvent } from "../contract";
import { Stream } from "../data/stream";
import { apply } from "../models/fold";
import { COUNTED, type Part } from "../parts";
import { event } from "./events";
import { room as roomOf, task } from "./rooms";

const at = (offset: number, epoch = "first") => ({ epoch, offset });
const none = Object.fromEntries(COUNTED.map(({ name }) => [name, 0])) as unknown as Counts;
const counts = (tasks: number, open_tasks = tasks, files = 0): Counts => ({ ...none, tasks, open_tasks, files });
const copy = task({ id: "copy" });
const order = task({ id: "order" });
const made = (offset: number, one: object) => event(offset, { name: "task.created", task: one });
const changed = (offset: number, one: object) => event(offset, { name: "task.changed", task: one });
const removed = (offset: number, id: string) => event(offset, { name: "task.removed", task: { id, gone: true } });

function glanced(fields: object = {}): Stream {
  const stream = new Stream("room:website");
  stream.start({ at: at(4) }, { room: { id: "website" }, tasks: [], files: [], counts: counts(2), ...fields }, ["wall"]);
  stream.entering();
  stream.entered({ at: at(4), events: [] });
  return stream;
}

function hear(stream: Stream, ...events: WireEvent[]): void {
  for (const one of events) stream.hear(one);
}

const read = (offset: number, tasks: object[], fields: object = {}) =>
  ({ at: at(offset), tasks, counts: counts(tasks.length), ...fields }) as never;

describe("a room of which some parts are here", () => {
  test("says which, and all where the snapshot has no counts", () => {
    const stream = glanced();
    expect(stream.missing(["wall", "tasks"])).toEqual(["tasks"]);
    stream.forget();
    stream.entered({ at: at(9), snapshot: { room: { id: "website" }, tasks: [] } });
    expect(stream.missing(["wall", "tasks"])).toEqual([]);
  });

  test("asks for what it has or wants when it must begin anew", () => {
    const stream = glanced();
    stream.want(["files"]);
    expect(stream.asks).toEqual(["wall", "files"]);
    stream.entered({ at: at(9), snapshot: { room: { id: "website" }, counts: counts(0) } });
    expect(stream.missing(["wall", "files", "tasks"])).toEqual(["tasks"]);
  });

  test("folds into a part what was told after it was read", () => {
    const stream = glanced();
    const keeping = stream.keep();
    hear(stream, made(5, copy), made(6, order), changed(7, { ...copy, title: "New" }), removed(8, "order"));
    expect(stream.take(["tasks"], read(6, [copy, order]), keeping)).toBe(true);
    expect(stream.things["tasks"]).toEqual([{ ...copy, title: "New" }]);
    expect(stream.things["counts"]).toEqual(counts(1));
  });

  test("lets pass what a part has in it already", () => {
    const stream = glanced();
    const keeping = stream.keep();
    expect(stream.take(["tasks"], read(7, [{ ...copy, title: "Newest" }]), keeping)).toBe(true);
    hear(stream, made(5, copy), made(6, order), removed(7, "order"));
    expect(stream.things["tasks"]).toEqual([{ ...copy, title: "Newest" }]);
    expect(stream.things["counts"]).toEqual(counts(1));
    hear(stream, changed(8, { ...copy, title: "Later" }));
    expect(stream.things["tasks"]).toEqual([{ ...copy, title: "Later" }]);
  });

  test("takes each part exactly, wherever it was read among what was told", () => {
    const told = [made(5, copy), made(6, order), changed(7, { ...copy, title: "New" }), removed(8, "order"), changed(9, { ...copy, due_on: "2026-12-01" })];
    const lists = told.reduce<object[][]>((all, one) => [...all, apply({ tasks: all.at(-1) }, one)["tasks"] as object[]], [[]]);
    for (let asked = 0; asked <= told.length; asked += 1)
      for (let readAt = asked; readAt <= told.length; readAt += 1)
        for (let taken = asked; taken <= told.length; taken += 1) {
          const stream = glanced({ counts: counts(0) });
          hear(stream, ...told.slice(0, asked));
          const keeping = stream.keep();
          hear(stream, ...told.slice(asked, taken));
          stream.take(["tasks"], read(4 + readAt, lists[readAt]!), keeping);
          hear(stream, ...told.slice(taken));
          expect(stream.things["tasks"], `${asked} ${readAt} ${taken}`).toEqual(lists.at(-1));
          expect(stream.things["counts"]).toEqual(counts(1));
        }
  });

  test("takes no part that was read of another state", () => {
    const stream = glanced();
    const keeping = stream.keep();
    stream.forget();
    expect(stream.take(["tasks"], read(6, [copy]), keeping)).toBe(false);
    const other = stream.keep();
    stream.entered({ at: at(1, "second"), snapshot: { room: { id: "website" }, tasks: [], counts: counts(0) } });
    expect(stream.take(["tasks"], read(6, [copy]), other)).toBe(false);
    expect(stream.take(["tasks"], read(6, [copy]), stream.keep())).toBe(false);
    expect(stream.things["tasks"]).toEqual([]);
  });

  test("counts what is told, and says when it can't", () => {
    const stream = glanced();
    hear(stream, made(5, copy), event(6, { name: "task.completed", task: { ...copy, completed_at: "2026-11-21T09:00:00Z" } }));
    expect(stream.things["counts"]).toEqual(counts(3, 2));
    hear(stream, event(7, { name: "file.added", file: { id: "plan" } }), event(8, { name: "file.removed", file: { id: "plan", gone: true } }));
    expect(stream.things["counts"]).toEqual(counts(3, 2, 0));
    expect(stream.stale).toBe(false);
    hear(stream, removed(9, "one that only the count knows"));
    expect(stream.stale).toBe(true);
    expect(stream.take([], read(9, [], { counts: counts(2, 1) }), stream.keep())).toBe(true);
    expect([stream.things["counts"], stream.stale]).toEqual([counts(2, 1), false]);
    expect(stream.things["tasks"]).toHaveLength(1);
  });

  test("learns of a thing that was read by itself, unless it heard of it meanwhile", () => {
    const stream = glanced();
    stream.know("tasks", copy);
    hear(stream, changed(5, { ...copy, title: "New" }));
    stream.know("tasks", copy);
    expect(stream.things["tasks"]).toEqual([{ ...copy, title: "New" }]);
    stream.know("tasks", copy, { ...copy, id: "another" });
    expect((stream.things["tasks"] as { id: string }[]).map(({ id }) => id)).toEqual([copy.id, "another"]);
  });
});

describe("a room's view", () => {
  const view = (parts: Part[], fields: object) => {
    const { things } = roomOf({ tasks: [copy], counts: counts(9, 5, 7), ...fields });
    return new (roomOf().constructor as new (...args: unknown[]) => ReturnType<typeof roomOf>)(things, [], [], new Set(parts));
  };

  test("counts what is here, or what is said of it", () => {
    expect(view(["wall"], {}).counts).toEqual(counts(9, 5, 7));
    expect(view(["tasks"], {}).counts).toEqual(counts(1, 1, 7));
    expect(view(["tasks", "files"], {}).counts).toEqual(counts(1, 1, 0));
    expect(roomOf({ tasks: [copy] }).counts).toEqual(counts(1, 1, 0));
  });

  test("knows whether all open tasks are here", () => {
    expect(view([], {}).hasOpenTasks).toBe(false);
    expect(view([], { counts: counts(9, 1) }).hasOpenTasks).toBe(true);
    expect(view(["tasks"], {}).hasOpenTasks).toBe(true);
  });
});
