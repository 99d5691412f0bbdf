import { describe, expect, it } from "vitest";
import type { Reaction } from "../contract";
import { apply, load, type Things } from "../models/fold";
import { Outbox } from "../models/outbox";
import { shownUnder, type Reacting } from "../models/reactions";
import { event } from "./events";
import { message } from "./rooms";

const thumbs: Reaction = { id: "thumbs", message_id: "draft", emoji: "👍", place: 1, person_ids: ["mihai"], audience: "all" };
const party: Reaction = { ...thumbs, id: "party", emoji: "🎉", place: 2, person_ids: ["ana", "mihai"] };
const click = (emoji: string, given: boolean): Reacting => ({ key: `${emoji} ${given}`, message_id: "draft", emoji, given });
const shown = (reactions: Reaction[], ...onTheirWay: Reacting[]) =>
  shownUnder("draft", reactions, onTheirWay, "ana").map(({ emoji, person_ids, waiting }) => [emoji, person_ids.join(), waiting]);

describe("the emojis under a message", () => {
  it("are its own, in the order of their places", () => {
    expect(shown([party, { ...thumbs, id: "other", message_id: "other" }, thumbs])).toEqual([
      ["👍", "mihai", false],
      ["🎉", "ana,mihai", false],
    ]);
  });

  it("have in them what is on its way", () => {
    expect(shown([thumbs, party], click("👍", true), click("🎉", false), click("👀", true))).toEqual([
      ["👍", "mihai,ana", true],
      ["🎉", "mihai", true],
      ["👀", "ana", true],
    ]);
    expect(shown([thumbs], { ...click("👍", true), message_id: "other" })).toEqual([["👍", "mihai", false]]);
  });

  it("end with the last click, and come through once", () => {
    expect(shown([], click("👀", true), click("👀", false))).toEqual([]);
    expect(shown([party], click("🎉", true))).toEqual([["🎉", "ana,mihai", true]]);
  });

  it("leave their message as it is when they change", () => {
    const draft = message({ id: "draft" });
    const before = load({ messages: [draft], reactions: [thumbs] });
    const after = apply(before, event(1, { name: "reaction.added", reaction: { ...thumbs, person_ids: ["mihai", "ana"] } }));
    expect(after["messages"]).toBe(before["messages"]);
    expect(shown(reactionsIn(after))).toEqual([["👍", "mihai,ana", false]]);
    expect(reactionsIn(apply(after, event(2, { name: "reaction.removed", reaction: { id: "thumbs", gone: true } })))).toEqual([]);
  });

  it("are untouched by what a version before told of them, with the whole message", () => {
    const told = { ...message({ id: "draft" }), reactions: [{ emoji: "👀", person_ids: ["ana"] }] };
    const before = load({ messages: [message({ id: "draft" })], reactions: [thumbs] });
    const after = apply(before, event(1, { name: "reaction.added", message: told, emoji: "👀" }));
    expect(after["messages"]).toHaveLength(1);
    expect(shown(reactionsIn(after))).toEqual([["👍", "mihai", false]]);
  });
});

describe("an outbox", () => {
  it("keeps reactions on their way across a reload, in their order", () => {
    const kept = new Map<string, string>();
    const device = {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, value: string) => void kept.set(name, value),
      removeItem: (name: string) => void kept.delete(name),
    };
    const clicks = [click("👍", true), click("👍", false)];
    new Outbox(device, "ana:website").reactions = clicks;
    const after = new Outbox(device, "ana:website");
    expect(after.reactions).toEqual(clicks);
    after.reactions = [];
    expect(kept.size).toBe(0);
  });
});

function reactionsIn(things: Things): Reaction[] {
  return things["reactions"] as Reaction[];
}
