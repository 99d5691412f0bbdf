import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Turns } from "../models/turns";

function twoAtATime(): { turns: Turns<string>; begun: string[] } {
  const begun: string[] = [];
  const turns = new Turns<string>(2, (one) => begun.push(one));
  return { turns, begun };
}

describe("turns", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("come in order, so many at a time", () => {
    const { turns, begun } = twoAtATime();
    for (const name of ["a", "b", "c", "d"]) turns.take(name);
    expect(begun).toEqual(["a", "b"]);
    turns.end("a");
    expect(begun).toEqual(["a", "b", "c"]);
    turns.end("b");
    turns.end("c");
    expect(begun).toEqual(["a", "b", "c", "d"]);
  });

  it("come once, however often somebody asks", () => {
    const { turns, begun } = twoAtATime();
    for (const name of ["a", "a", "b", "c", "c"]) turns.take(name);
    turns.end("a");
    turns.end("b");
    turns.end("c");
    expect(begun).toEqual(["a", "b", "c"]);
  });

  it("don't come to who has left the line", () => {
    const { turns, begun } = twoAtATime();
    for (const name of ["a", "b", "c", "d"]) turns.take(name);
    turns.end("c");
    turns.end("a");
    expect(begun).toEqual(["a", "b", "d"]);
  });

  it("come to nobody while somebody asks to wait, then go on by themselves", () => {
    const { turns, begun } = twoAtATime();
    for (const name of ["a", "b", "c"]) turns.take(name);
    turns.hold(15);
    turns.end("b");
    turns.take("b", { first: true });
    vi.advanceTimersByTime(14_999);
    expect(begun).toEqual(["a", "b"]);
    vi.advanceTimersByTime(1);
    expect(begun).toEqual(["a", "b", "b"]);
    turns.end("a");
    expect(begun).toEqual(["a", "b", "b", "c"]);
  });

  it("wait as long as was asked last", () => {
    const { turns, begun } = twoAtATime();
    turns.hold(1);
    turns.hold(5);
    turns.take("a");
    vi.advanceTimersByTime(4_999);
    expect(begun).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(begun).toEqual(["a"]);
  });
});
