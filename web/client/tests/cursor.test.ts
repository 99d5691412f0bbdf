import { describe, expect, test } from "vitest";
import { Cursor } from "../models/cursor";
import { event } from "./events";

const at = (offset: number, epoch = "first") => ({ epoch, offset });
const offsets = (events: { at: { offset: number } | null }[]) => events.map((each) => each.at?.offset ?? null);

function settled(offset: number): Cursor {
  const cursor = new Cursor();
  cursor.replaced(at(offset));
  return cursor;
}

describe("the cursor", () => {
  test("lets each stored event through once, and goes on from it", () => {
    const cursor = settled(4);
    expect(cursor.take(event(5))).toBe("apply");
    expect(cursor.take(event(5))).toBe("skip");
    expect(cursor.take(event(4))).toBe("skip");
    expect(cursor.at).toEqual(at(5));
  });

  test("lets events through over offsets that its lens doesn't show", () => {
    expect(settled(4).take(event(9))).toBe("apply");
  });

  test("keeps what overtakes the snapshot, and gives what isn't in it", () => {
    const cursor = new Cursor();
    expect(cursor.take(event(7))).toBe("wait");
    expect(cursor.take(event(8))).toBe("wait");
    expect(offsets(cursor.replaced(at(7)))).toEqual([8]);
    expect(cursor.at).toEqual(at(8));
  });

  test("keeps what overtakes the missed events, and gives it after them, once", () => {
    const cursor = settled(4);
    cursor.entering();
    cursor.take(event(6));
    cursor.take(event(7));
    const given = cursor.continued(at(6), [event(5), event(6)]);
    expect(offsets(given)).toEqual([5, 6, 7]);
    expect(cursor.at).toEqual(at(7));
  });

  test("gives nothing of the missed that it had seen", () => {
    const cursor = settled(4);
    cursor.entering();
    expect(offsets(cursor.continued(at(5), [event(3), event(4), event(5)]))).toEqual([5]);
  });

  test("stands where the server stands when the last events weren't for its lens", () => {
    const cursor = settled(4);
    cursor.entering();
    cursor.continued(at(9), [event(5)]);
    expect(cursor.at).toEqual(at(9));
  });

  test("lets told events through at once", () => {
    const cursor = settled(4);
    expect(cursor.take(event(null))).toBe("apply");
    cursor.entering();
    expect(cursor.take(event(null))).toBe("apply");
    expect(cursor.at).toEqual(at(4));
  });

  test("gives told events again after a snapshot that may be older than they", () => {
    const cursor = settled(4);
    cursor.entering();
    cursor.take(event(null));
    expect(offsets(cursor.replaced(at(9)))).toEqual([null]);
  });

  test("but not twice when there was no snapshot", () => {
    const cursor = settled(4);
    cursor.entering();
    cursor.take(event(null));
    expect(cursor.continued(at(4), [])).toEqual([]);
  });

  test("asks to enter anew when the log began anew", () => {
    const cursor = settled(4);
    expect(cursor.take(event(1, {}, "second"))).toBe("reenter");
    cursor.forget();
    expect(cursor.at).toBeNull();
    expect(cursor.take(event(2, {}, "second"))).toBe("wait");
    expect(offsets(cursor.replaced(at(1, "second")))).toEqual([2]);
  });

  test("lets nothing stored through between a lost connection and the next answer", () => {
    const cursor = settled(4);
    cursor.entering();
    expect(cursor.take(event(9))).toBe("wait");
    expect(cursor.at).toEqual(at(4));
  });
});
