import { describe, expect, it } from "vitest";
import type { Reaction } from "../contract";
import { apply, load, type Things } from "../models/fold";
import { event } from "./events";
import { message } from "./rooms";

const thumbs: Reaction = { id: "thumbs", message_id: "draft", emoji: "👍", place: 1, person_ids: ["mihai"], audience: "all" };

describe("the emojis under a message", () => {
  it("leave their message as it is when they change", () => {
    const draft = message({ id: "draft" });
    const before = load({ messages: [draft], reactions: [thumbs] });
    const after = apply(before, event(1, { name: "reaction.added", reaction: { ...thumbs, person_ids: ["mihai", "ana"] } }));
    expect(after["messages"]).toBe(before["messages"]);
    expect(reactionsIn(after)).toEqual([{ ...thumbs, person_ids: ["mihai", "ana"] }]);
    expect(reactionsIn(apply(after, event(2, { name: "reaction.removed", reaction: { id: "thumbs", gone: true } })))).toEqual([]);
  });

  it("are untouched by what a version before told of them, with the whole message", () => {
    const told = { ...message({ id: "draft" }), reactions: [{ emoji: "👀", person_ids: ["ana"] }] };
    const before = load({ messages: [message({ id: "draft" })], reactions: [thumbs] });
    const after = apply(before, event(1, { name: "reaction.added", message: told, emoji: "👀" }));
    expect(after["messages"]).toHaveLength(1);
    expect(reactionsIn(after)).toEqual([thumbs]);
  });
});

function reactionsIn(things: Things): Reaction[] {
  return things["reactions"] as Reaction[];
}
