/**
 * Where a listener stands in a stream's log, and what is to be done with each event that comes.
 *
 * The server answers an enter with what was missed, or with a snapshot; live events may overtake
 * that answer, and after a lost connection may repeat what was seen. The cursor keeps the order:
 * what it lets through, it lets through once, and in the log's order.
 */
import type { Position, WireEvent } from "../contract";

export type Verdict = "apply" | "skip" | "wait" | "reenter";

export class Cursor {
  private early: WireEvent[] | null = [];

  constructor(public at: Position | null = null) {}

  /** An enter is on its way, or must be: stored events wait for its answer. */
  entering(): void {
    this.early = [];
  }

  /** What is to be done with a live event. */
  take(event: WireEvent): Verdict {
    if (event.at === null) return this.takeTold(event);
    if (this.early) {
      this.early.push(event);
      return "wait";
    }
    if (!this.at || (event.at.epoch !== this.at.epoch && !unbegun(this.at))) return "reenter";
    if (event.at.offset <= this.at.offset) return "skip";
    this.at = event.at;
    return "apply";
  }

  /** The answer brought what was missed: what of it, and of what came meanwhile, is new here. */
  continued(at: Position | null, missed: WireEvent[]): WireEvent[] {
    const seen = this.at?.offset ?? 0;
    const fresh = missed.filter((event) => event.at === null || event.at.offset > seen);
    return [...fresh, ...this.settle(at).filter((event) => event.at !== null)];
  }

  /** The answer was a snapshot: what came meanwhile and isn't in it, told events among them. */
  replaced(at: Position | null): WireEvent[] {
    return this.settle(at);
  }

  /** The log began anew: nothing of what was seen counts. */
  forget(): void {
    this.at = null;
    this.entering();
  }

  /** A told event counts at once; the snapshot that may still come was taken before it. */
  private takeTold(event: WireEvent): Verdict {
    this.early?.push(event);
    return this.at ? "apply" : "wait";
  }

  private settle(at: Position | null): WireEvent[] {
    const early = this.early ?? [];
    this.early = null;
    this.at = at;
    return early.filter((event) => event.at === null || this.take(event) === "apply");
  }
}

/** Before its first event a log has no epoch: it gets one with it. */
function unbegun(at: Position): boolean {
  return at.epoch === "" && at.offset === 0;
}
