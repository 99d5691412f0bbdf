import { describe, expect, test } from "vitest";
import { chosenBy, queryFor, toggled } from "../models/task-filters";

describe("what is shown of the tasks", () => {
  test("comes back from its address as it went there", () => {
    const chosen = { chips: ["mine", "done"] as const, labels: ["7c1", "9f2"] };
    expect(queryFor(chosen)).toBe("?show=mine&show=done&label=7c1&label=9f2");
    expect(chosenBy(queryFor(chosen))).toEqual(chosen);
  });

  test("leaves the address alone where nothing is chosen", () => {
    expect(queryFor({ chips: [], labels: [] })).toBe("");
    expect(chosenBy("")).toEqual({ chips: [], labels: [] });
  });

  test("is nothing that an address can't mean, and each once", () => {
    expect(chosenBy("?show=week&show=all&show=week&label=7c1&label=7c1&page=2")).toEqual({ chips: ["week"], labels: ["7c1"] });
  });

  test("is turned on and off", () => {
    expect(toggled(["mine"], "week")).toEqual(["mine", "week"]);
    expect(toggled(["mine", "week"], "mine")).toEqual(["week"]);
  });
});
