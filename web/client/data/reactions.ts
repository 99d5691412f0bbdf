/** Reactions on their way to a room's wall: they wait out a lost connection and a reload, and each is done once. */
import type { Id } from "../contract";
import { pause } from "../models/backoff";
import type { Outbox } from "../models/outbox";
import type { Reacting } from "../models/reactions";
import { AGAIN_SECONDS, newKey, passes, run } from "./commands";

export class Reactions {
  onTheirWay: readonly Reacting[];
  private sending = false;
  private ended = false;

  constructor(
    private readonly roomId: Id,
    private readonly outbox: Outbox,
    private readonly changed: () => void,
    private readonly refused: (problem: unknown) => void,
  ) {
    this.onTheirWay = outbox.reactions;
  }

  give(fields: Omit<Reacting, "key">): void {
    const one = { key: newKey(), ...fields };
    this.onTheirWay = [...this.onTheirWay, one];
    this.outbox.reactions = [...this.outbox.reactions, one];
    this.changed();
    void this.resume();
  }

  /** One after the other: what is given and taken back again ends as it was. */
  async resume(): Promise<void> {
    this.ended = false;
    if (this.sending) return;
    this.sending = true;
    try {
      for (let next; !this.ended && (next = this.onTheirWay[0]); ) await this.send(next);
    } finally {
      this.sending = false;
    }
  }

  /** The wall is gone: what is still on its way is kept for the next one. */
  end(): void {
    this.ended = true;
  }

  private async send({ key, given, ...fields }: Reacting): Promise<void> {
    try {
      await run(given ? "reaction.add" : "reaction.remove", { room_id: this.roomId, ...fields }, key);
    } catch (problem) {
      if (passes(problem)) return pause(AGAIN_SECONDS * 1000);
      this.refused(problem);
    }
    const others = (all: readonly Reacting[]) => all.filter((one) => one.key !== key);
    this.onTheirWay = others(this.onTheirWay);
    this.outbox.reactions = others(this.outbox.reactions);
    this.changed();
  }
}
