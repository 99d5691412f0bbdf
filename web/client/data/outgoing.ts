/** Messages on their way to a room's wall: they wait out a lost connection and a reload, and are posted once. */
import { clock } from "../models/clock";
import type { Outbox, Unsent } from "../models/outbox";
import { spoken } from "../models/refusal";
import { t } from "../models/words";
import { newKey, RefusalError, run } from "./commands";
import { uploads, type Upload } from "./uploads";

/** What may pass by itself is tried again without asking. */
const AGAIN_SECONDS = 3;

export class Outgoing {
  /** Files of messages that are still being sent; a reload forgets them. */
  readonly files = new Map<string, Upload[]>();

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
      at: new Date(clock.now()).toISOString(),
      state: "sending",
      reason: "",
    };
    this.put(message);
    void this.send(message, files);
  }

  /** After a reload: what had not been answered is sent again under its old key. */
  resume(): void {
    for (const message of this.unsent) if (message.state !== "refused") void this.send(message, []);
  }

  again(key: string): void {
    const message = this.unsent.find((one) => one.key === key);
    if (message) void this.send({ ...message, state: "sending", reason: "" }, []);
  }

  drop(key: string): void {
    this.outbox.drop(key);
    this.files.delete(key);
    this.changed();
  }

  private async send(message: Unsent, files: File[]): Promise<void> {
    try {
      const attachments = [...message.attachments, ...(await this.uploaded(message, files))];
      const ready: Unsent = { ...message, attachments, state: "sending", reason: "" };
      this.put(ready);
      const { body, audience } = ready;
      await run("message.post", { room_id: this.roomId, body, audience, attachments }, ready.key);
      this.drop(ready.key);
    } catch (problem) {
      this.stopped(message, problem);
    }
  }

  private async uploaded(message: Unsent, files: File[]): Promise<string[]> {
    const sending = files.map((file) => uploads.send(this.roomId, file, message.audience));
    this.files.set(message.key, sending.map((one) => one.upload));
    return Promise.all(sending.map((one) => one.whole));
  }

  private stopped(message: Unsent, problem: unknown): void {
    const known = this.unsent.find((one) => one.key === message.key);
    if (!known) return;
    if (problem instanceof RefusalError && !problem.passing && problem.code !== "unreachable") {
      // Another try is another message: the refused one's key belongs to its refusal.
      this.outbox.drop(known.key);
      this.put({ ...known, key: newKey(), state: "refused", reason: spoken(problem) });
    } else if (problem instanceof RefusalError) {
      this.put({ ...known, state: "waiting", reason: problem.message });
      setTimeout(() => this.again(known.key), AGAIN_SECONDS * 1000);
    } else {
      const reason = problem instanceof Error && problem.message ? problem.message : t("It could not be sent.");
      this.put({ ...known, state: "refused", reason });
    }
  }

  private put(message: Unsent): void {
    this.outbox.put(message);
    this.changed();
  }
}
