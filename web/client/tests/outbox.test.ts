import { describe, expect, it } from "vitest";
import { notYetShown, Outbox, type Unsent } from "../models/outbox";
import { message } from "./rooms";

function storage() {
  const kept = new Map<string, string>();
  return {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
}

const unsent = (fields: Partial<Unsent> = {}): Unsent => ({
  key: "one",
  body: "On my way",
  audience: "all",
  attachments: [],
  awaited: 0,
  at: "2026-11-21T09:00:00Z",
  state: "sending",
  reason: "",
  ...fields,
});

describe("an outbox", () => {
  it("keeps a draft and what is on its way across a reload", () => {
    const device = storage();
    const before = new Outbox(device, "ana:website");
    before.draft = { body: "half a sen", audience: "team" };
    before.put(unsent());
    const after = new Outbox(device, "ana:website");
    expect(after.draft).toEqual({ body: "half a sen", audience: "team" });
    expect(after.unsent.map((one) => one.key)).toEqual(["one"]);
  });

  it("has nothing of another room", () => {
    const device = storage();
    new Outbox(device, "ana:website").put(unsent());
    expect(new Outbox(device, "ana:packaging").unsent).toEqual([]);
  });

  it("replaces by key and forgets what was sent", () => {
    const outbox = new Outbox(storage(), "ana:website");
    outbox.put(unsent());
    outbox.put(unsent({ state: "waiting" }));
    expect(outbox.unsent.map((one) => one.state)).toEqual(["waiting"]);
    outbox.drop("one");
    expect(outbox.unsent).toEqual([]);
  });

  it("doesn't stop anyone from writing when the device keeps nothing", () => {
    const outbox = new Outbox(
      {
        getItem: () => "{broken",
        setItem: () => {
          throw new Error("quota");
        },
        removeItem: () => undefined,
      },
      "ana:website",
    );
    outbox.draft = { body: "still typing", audience: null };
    expect(outbox.draft.body).toBe("");
  });
});

describe("what is shown as on its way", () => {
  it("goes when the event came before the acknowledgement", () => {
    const told = message({ body: "On my way", posted_at: "2026-11-21T09:00:01Z" });
    expect(notYetShown([unsent()], [told], "ana")).toEqual([]);
  });

  it("stays when the same words were said before, or by someone else", () => {
    const earlier = message({ body: "On my way", posted_at: "2026-11-21T08:00:00Z" });
    const others = message({ body: "On my way", author_id: "mihai", posted_at: "2026-11-21T09:00:01Z" });
    expect(notYetShown([unsent()], [earlier, others], "ana")).toHaveLength(1);
  });

  it("is one of two when the same was sent twice and one has come", () => {
    const told = message({ body: "On my way", posted_at: "2026-11-21T09:00:01Z" });
    expect(notYetShown([unsent(), unsent({ key: "two" })], [told], "ana").map((one) => one.key)).toEqual(["two"]);
  });

  it("stays when it was refused", () => {
    const told = message({ body: "On my way", posted_at: "2026-11-21T09:00:01Z" });
    expect(notYetShown([unsent({ state: "refused" })], [told], "ana")).toHaveLength(1);
  });
});
