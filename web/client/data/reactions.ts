/** Reactions on their way to a room's wall: they wait out a lost connection and a reload, and each is done once. */
import type { Id } from "../contract";
import { pause } from "../models/backoff";
import type { Outbox } from "../models/outbox";
import type { Reacting } from "../models/reactions";
import { newKey, RefusalError, run } from "./commands";

/** What may pass by itself is tried again without asking. */
const AGAIN_SECONDS = 3;

export class Reactions {
  onTheirWay: readonly Reacting[];
  private sending = false;

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
    if (this.sending) return;
    this.sending = true;
    for (let next; (next = this.onTheirWay[0]); ) await this.send(next);
    this.sending = false;
  }

  private async send({ key, given, ...fields }: Reacting): Promise<void> {
    try {
      await run(given ? "reaction.add" : "reaction.remove", { room_id: this.roomId, ...fields }, key);
    } catch (problem) {
      const passing = problem instanceof RefusalError && (problem.passing || problem.code === "unreachable");
      if (passing) return pause(AGAIN_SECONDS * 1000);
      this.refused(problem);
    }
    const others = (all: readonly Reacting[]) => all.filter((one) => one.key !== key);
    this.onTheirWay = others(this.onTheirWay);
    this.outbox.reactions = others(this.outbox.reactions);
    this.changed();
  }
}
