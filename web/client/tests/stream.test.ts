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
    stream.start({ at: at(4) }, { room: website, tasks: [] });
    stream.cursor.entering();
    stream.entered({ at: at(5), events: [event(5, { task: copy })] });
    expect(stream.things["tasks"]).toEqual([copy]);
    expect(heard.map(({ kind }) => kind)).toEqual(["reset", "event"]);
  });

  test("that goes on hears anew who is here", () => {
    const { stream } = listened();
    stream.start({ at: at(4) }, { room: website, presences: [{ id: "ana", state: "online" }] });
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
    stream.start({ at: at(4) }, { room: website });
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
    stream.start({ at: at(4) }, { room: website });
    expect(heard).toEqual([]);
  });
});

describe("a room's stream", () => {
  const projects = "process:projects";
  const place = (offset: number, epoch = "first") => ({ stream: projects, epoch, offset });
  const renamed = (offset: number, name: string, epoch = "first") =>
    event(offset, { name: "process.changed", stream: projects, process: { id: "projects", name } }, epoch);
  const drawn = { room: website, process: { id: "projects", name: "Projects" }, tasks: [] };

  function opened(processAt = place(2)): { stream: Stream; heard: Change[] } {
    const found = listened();
    found.stream.start({ at: at(4), process_at: processAt }, drawn);
    found.stream.entering();
    found.stream.entered({ at: at(4), process_at: processAt, events: [] });
    return found;
  }

  test("hears its process, and no other", () => {
    const { stream } = opened();
    expect(stream.hears(projects)).toBe(true);
    expect(stream.hears("process:tickets")).toBe(false);
    expect(new Stream("person").hears("")).toBe(false);
  });

  test("folds each change of the process in once, beside its own log", () => {
    const { stream, heard } = opened();
    expect(stream.hear(renamed(3, "Campaigns"))).toBe("apply");
    expect(stream.hear(renamed(3, "Campaigns"))).toBe("skip");
    expect(stream.hear(event(5, { task: copy }))).toBe("apply");
    expect(stream.things["process"]).toEqual({ id: "projects", name: "Campaigns" });
    expect(heard.filter(({ kind }) => kind === "event")).toHaveLength(2);
    expect([stream.cursor.at, stream.beside.at]).toEqual([at(5), at(3)]);
  });

  test("goes on in both logs with what was missed, and with what overtook it", () => {
    const { stream } = opened();
    stream.entering();
    expect(stream.hear(renamed(5, "Jobs"))).toBe("wait");
    stream.entered({ at: at(5), process_at: place(4), events: [event(5, { task: copy }), renamed(3, "Campaigns"), renamed(4, "Orders")] });
    expect(stream.things["process"]).toEqual({ id: "projects", name: "Jobs" });
    expect(stream.things["tasks"]).toEqual([copy]);
    expect(stream.beside.at).toEqual(at(5));
  });

  test("takes a snapshot's place in the process's log", () => {
    const { stream } = opened();
    stream.forget();
    expect(stream.hear(renamed(7, "Jobs", "second"))).toBe("wait");
    stream.entered({ at: at(1), process_at: place(6, "second"), snapshot: drawn });
    expect(stream.things["process"]).toEqual({ id: "projects", name: "Jobs" });
  });

  test("takes up a process's log with its first event", () => {
    const { stream } = opened(place(0, ""));
    expect(stream.hear(renamed(1, "Campaigns", "begun"))).toBe("apply");
    expect(stream.hear(renamed(2, "Orders", "another"))).toBe("reenter");
  });
});
