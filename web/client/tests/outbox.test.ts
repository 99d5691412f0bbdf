import { describe, expect, it } from "vitest";
import { notYetShown, Outbox, type Unsent } from "../models/outbox";
import { message } from "./rooms";

const STEFAN = "01900000-0000-7000-8000-000000000009";

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
  const nameOf = (id: string) => (id === STEFAN ? "Ștefan" : undefined);

  it("goes when a name that was typed came back as who it is", () => {
    const told = message({ body: `@[${STEFAN}] look`, posted_at: "2026-11-21T09:00:01Z" });
    expect(notYetShown([unsent({ body: "@stefan look" })], [told], "ana", nameOf)).toEqual([]);
    expect(notYetShown([unsent({ body: "@stefan looks" })], [told], "ana", nameOf)).toHaveLength(1);
  });

  it("goes when the event came before the acknowledgement", () => {
    const told = message({ body: "On my way", posted_at: "2026-11-21T09:00:01Z" });
    expect(notYetShown([unsent()], [told], "ana", nameOf)).toEqual([]);
  });

  it("stays when the same words were said before, or by someone else", () => {
    const earlier = message({ body: "On my way", posted_at: "2026-11-21T08:00:00Z" });
    const others = message({ body: "On my way", author_id: "mihai", posted_at: "2026-11-21T09:00:01Z" });
    expect(notYetShown([unsent()], [earlier, others], "ana", nameOf)).toHaveLength(1);
  });

  it("is one of two when the same was sent twice and one has come", () => {
    const told = message({ body: "On my way", posted_at: "2026-11-21T09:00:01Z" });
    expect(notYetShown([unsent(), unsent({ key: "two" })], [told], "ana", nameOf).map((one) => one.key)).toEqual(["two"]);
  });

  it("stays when it was refused", () => {
    const told = message({ body: "On my way", posted_at: "2026-11-21T09:00:01Z" });
    expect(notYetShown([unsent({ state: "refused" })], [told], "ana", nameOf)).toHaveLength(1);
  });
});
