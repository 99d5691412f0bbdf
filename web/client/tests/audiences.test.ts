import { describe, expect, it } from "vitest";
import { AUDIENCES, type Audience } from "../contract";
import { forTheTeam, tellsTheTeam } from "../models/audiences";

describe("an audience", () => {
  it("is the team's where clients see nothing of it", () => {
    const theirs = (Object.keys(AUDIENCES) as Audience[]).filter((audience) => !forTheTeam(audience));
    expect(theirs).toEqual(["all", "money"]);
  });

  it("is that of anything an event tells of", () => {
    expect(tellsTheTeam({ name: "timer.stopped", entry: { id: "x", audience: "team" } })).toBe(true);
    expect(tellsTheTeam({ name: "timer.stopped", entry: { id: "x", audience: "all" } })).toBe(false);
    expect(tellsTheTeam({ name: "message.deleted", message: { id: "x", gone: true }, changed: null })).toBe(false);
  });
});
