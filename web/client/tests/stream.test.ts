import { describe, expect, test } from "vitest";
import { Stream } from "../data/stream";
import type { Change } from "../data/stream";
import { RefusalError } from "../models/refusal";
import { event } from "./events";

const at = (offset: number) => ({ epoch: "first", offset });
const website = { id: "website", title: "Website" };
const copy = { id: "copy", title: "Homepage copy" };

function listened(): { stream: Stream; heard: Change[] } {
  const stream = new Stream("room:website");
  const heard: Change[] = [];
  stream.subscribe((change) => heard.push(change));
  return { stream, heard };
}

describe("a stream", () => {
  test("is ready with its snapshot, and says so", async () => {
    const { stream, heard } = listened();
    stream.entered({ at: at(4), snapshot: { room: website, tasks: [] } });
    await stream.ready;
    expect(stream.things["room"]).toEqual(website);
    expect(heard).toEqual([{ kind: "reset" }]);
  });

  test("goes on from the state that the page brought", () => {
    const { stream, heard } = listened();
    stream.start(at(4), { room: website, tasks: [] });
    stream.cursor.entering();
    stream.entered({ at: at(5), events: [event(5, { task: copy })] });
    expect(stream.things["tasks"]).toEqual([copy]);
    expect(heard.map(({ kind }) => kind)).toEqual(["reset", "event"]);
  });

  test("that goes on hears anew who is here", () => {
    const { stream } = listened();
    stream.start(at(4), { room: website, presences: [{ id: "ana", state: "online" }] });
    stream.cursor.entering();
    stream.entered({ at: at(4), events: [], presences: [{ id: "ana", state: "offline" }, { id: "mihai", state: "online" }] });
    expect(stream.things["presences"]).toEqual([{ id: "ana", state: "offline" }, { id: "mihai", state: "online" }]);
  });

  test("folds what overtook its snapshot after it", () => {
    const { stream } = listened();
    expect(stream.cursor.take(event(5, { task: copy }))).toBe("wait");
    stream.entered({ at: at(4), snapshot: { room: website, tasks: [] } });
    expect(stream.things["tasks"]).toEqual([copy]);
  });

  test("keeps the last that was seen when it is refused, and says why", async () => {
    const { stream, heard } = listened();
    const refusal = new RefusalError({ code: "not_found", message: "There is no such room." });
    stream.start(at(4), { room: website });
    stream.refuse(refusal);
    expect(stream.things["room"]).toEqual(website);
    expect(heard.at(-1)).toEqual({ kind: "refused", refusal });
  });

  test("that never opened fails whoever waits for it", async () => {
    const { stream } = listened();
    stream.refuse(new RefusalError({ code: "not_found", message: "There is no such room." }));
    await expect(stream.ready).rejects.toThrow("There is no such room.");
  });

  test("is heard no longer by who stopped listening", () => {
    const stream = new Stream("room:website");
    const heard: Change[] = [];
    stream.subscribe((change) => heard.push(change))();
    stream.start(at(4), { room: website });
    expect(heard).toEqual([]);
  });
});
