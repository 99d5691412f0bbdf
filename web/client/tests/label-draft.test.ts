import { describe, expect, test } from "vitest";
import { drafted, toggledLabel, UNTOUCHED } from "../models/label-draft";

describe("a draft of a task's labels", () => {
  test("puts on and takes off", () => {
    const draft = toggledLabel(["copy"], toggledLabel(["copy"], UNTOUCHED, "design"), "copy");
    expect(draft).toEqual({ added: ["design"], removed: ["copy"] });
    expect(drafted(["copy"], draft)).toEqual(["design"]);
  });

  test("is none again when all is taken back", () => {
    for (const id of ["copy", "design"]) {
      expect(toggledLabel(["copy"], toggledLabel(["copy"], UNTOUCHED, id), id)).toEqual(UNTOUCHED);
    }
  });

  test("leaves what others put on meanwhile", () => {
    const draft = toggledLabel(["copy"], UNTOUCHED, "copy");
    expect(drafted(["copy", "photos"], draft)).toEqual(["photos"]);
  });

  test("takes off what somebody else put on too", () => {
    const draft = toggledLabel(["design"], toggledLabel([], UNTOUCHED, "design"), "design");
    expect(drafted(["design"], draft)).toEqual([]);
    expect(drafted([], draft)).toEqual([]);
  });
});
