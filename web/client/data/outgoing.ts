/** Messages on their way to a room's wall: they wait out a lost connection and a reload, and are posted once. */
import { clock } from "../models/clock";
import type { Outbox, Unsent } from "../models/outbox";
import { spoken } from "../models/refusal";
import { t } from "../models/words";
import { AGAIN_SECONDS, newKey, passes, RefusalError, run } from "./commands";
import { uploads, type Upload } from "./uploads";

export class Outgoing {
  /** Files of messages that are still being sent; a reload forgets them. */
  readonly files = new Map<string, Upload[]>();
  private readonly held = new Map<string, File[]>();

  constructor(
    private readonly roomId: string,
    private readonly outbox: Outbox,
    private readonly changed: () => void,
  ) {}

  get unsent(): Unsent[] {
    return this.outbox.unsent;
  }

  post(body: string, audience: "all" | "team", files: File[]): void {
    const message: Unsent = {
      key: newKey(),
      body,
      audience,
      attachments: [],
      awaited: files.length,
      at: new Date(clock.now()).toISOString(),
      state: "sending",
      reason: "",
    };
    this.held.set(message.key, files);
    this.put(message);
    void this.send(message);
  }

  /** After a reload: what had not been answered is sent again under its old key. */
  resume(): void {
    for (const message of this.unsent) {
      if (message.state === "refused") continue;
      if (message.awaited) {
        this.put({ ...message, awaited: 0, state: "refused", reason: t("Its files weren't sent. Attach them again.") });
      } else void this.send(message);
    }
  }

  again(key: string): void {
    const message = this.unsent.find((one) => one.key === key);
    if (!message) return;
    const going: Unsent = { ...message, state: "sending", reason: "" };
    this.put(going);
    void this.send(going);
  }

  drop(key: string): void {
    this.outbox.drop(key);
    this.files.delete(key);
    this.held.delete(key);
    this.changed();
  }

  private async send(message: Unsent): Promise<void> {
    try {
      const attachments = [...message.attachments, ...(await this.uploaded(message))];
      const ready: Unsent = { ...message, attachments, awaited: 0, state: "sending", reason: "" };
      this.held.delete(ready.key);
      this.put(ready);
      const { body, audience } = ready;
      await run("message.post", { room_id: this.roomId, body, audience, attachments }, ready.key);
      this.drop(ready.key);
    } catch (problem) {
      this.stopped(message, problem);
    }
  }

  private async uploaded(message: Unsent): Promise<string[]> {
    const files = this.held.get(message.key) ?? [];
    const sending = files.map((file) => uploads.send(this.roomId, file, message.audience));
    this.files.set(message.key, sending.map((one) => one.upload));
    return Promise.all(sending.map((one) => one.whole));
  }

  private stopped(message: Unsent, problem: unknown): void {
    const known = this.unsent.find((one) => one.key === message.key);
    if (!known) return;
    if (problem instanceof RefusalError && !passes(problem)) {
      // Another try is another message: the refused one's key belongs to its refusal.
      this.outbox.drop(known.key);
      this.put({ ...known, key: newKey(), state: "refused", reason: spoken(problem) });
    } else if (problem instanceof RefusalError) {
      this.put({ ...known, state: "waiting", reason: problem.message });
      setTimeout(() => this.again(known.key), AGAIN_SECONDS * 1000);
    } else {
      const reason = problem instanceof Error && problem.message ? problem.message : t("Couldn't be sent.");
      this.put({ ...known, state: "refused", reason });
    }
  }

  private put(message: Unsent): void {
    this.outbox.put(message);
    this.changed();
  }
}
