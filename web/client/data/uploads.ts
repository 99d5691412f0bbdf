/** Files on their way up: resumable, so a lost connection costs only the wait. */
import type { PreviousUpload, Upload as Tus } from "tus-js-client";
import { Turns } from "../models/turns";
import { t } from "../models/words";
import { feed } from "./feed";
import { drawnFor } from "./page";

const ENDPOINT = "/api/v1/uploads";
/** More at a time would only share the line between them. */
const AT_ONCE = 4;
const TOO_MANY = 429;

export interface Upload {
  key: number;
  roomId: string;
  name: string;
  size: number;
  sent: number;
  /** In line, on its way, held by its sender, without a connection, here, or not taken. */
  state: "queued" | "sending" | "paused" | "waiting" | "done" | "refused";
  reason: string;
  /** The file's id once the server has it whole. */
  fileId: string | null;
}

interface Sending extends Upload {
  file: File;
  audience: string;
  tus: Promise<Tus> | null;
  /** Counts its beginnings: of two that wait for the same thing, the later counts. */
  begun: number;
  done: (fileId: string) => void;
  failed: (problem: Error) => void;
}

class Uploads extends EventTarget {
  private readonly all: Sending[] = [];
  private readonly turns = new Turns<Sending>(AT_ONCE, (upload) => void this.begin(upload));
  private keys = 0;

  constructor() {
    super();
    addEventListener("online", () => this.goOn());
    feed.onConnection((connection) => {
      if (connection === "live") this.goOn();
    });
  }

  of(roomId: string): readonly Upload[] {
    return this.all.filter((upload) => upload.roomId === roomId);
  }

  /** Sends a file; the promise gives the file's id when it is whole. */
  send(roomId: string, file: File, audience: string): { upload: Upload; whole: Promise<string> } {
    let done!: (fileId: string) => void;
    let failed!: (problem: Error) => void;
    const whole = new Promise<string>((resolve, reject) => ([done, failed] = [resolve, reject]));
    const upload: Sending = {
      key: ++this.keys,
      roomId,
      name: file.name,
      size: file.size,
      sent: 0,
      state: "queued",
      reason: "",
      fileId: null,
      file,
      audience,
      tus: null,
      begun: 0,
      done,
      failed,
    };
    this.all.push(upload);
    this.changed();
    this.turns.take(upload);
    return { upload, whole };
  }

  pause(key: number): void {
    const upload = this.find(key);
    if (!upload) return;
    this.set(upload, { state: "paused" });
    this.turns.end(upload);
    void upload.tus?.then((tus) => tus.abort());
  }

  resume(key: number): void {
    const upload = this.find(key);
    if (!upload) return;
    this.set(upload, { state: "queued", reason: "" });
    this.turns.take(upload, { first: true });
  }

  /** Gives it up; the server forgets what it had of it. */
  drop(key: number): void {
    const upload = this.find(key);
    if (!upload) return;
    if (upload.state !== "done") {
      const forget = upload.state !== "refused";
      void upload.tus?.then((tus) => tus.abort(forget)).catch(() => undefined);
      upload.failed(new Error(t("The upload was stopped.")));
    }
    this.all.splice(this.all.indexOf(upload), 1);
    this.changed();
    this.turns.end(upload);
  }

  private async begin(upload: Sending): Promise<void> {
    const nr = ++upload.begun;
    this.set(upload, { state: "sending", reason: "" });
    const tus = await (upload.tus ??= this.made(upload)).catch(() => null);
    if (tus === null) {
      upload.tus = null;
      this.wait(upload);
    } else if (upload.begun === nr && upload.state === "sending" && this.all.includes(upload)) tus.start();
  }

  private async made(upload: Sending): Promise<Tus> {
    const { Upload } = await import("tus-js-client");
    const { file, roomId, audience } = upload;
    const tus = new Upload(file, {
      endpoint: ENDPOINT,
      metadata: { room_id: roomId, filename: file.name, audience },
      headers: drawnFor,
      chunkSize: 8 * 1024 * 1024,
      retryDelays: [0, 1000, 2000, 4000],
      removeFingerprintOnSuccess: true,
      fingerprint: async () => ["atrium", roomId, audience, file.name, file.size, file.lastModified].join(":"),
      onProgress: (sent) => this.set(upload, { sent }),
      onSuccess: () => this.arrived(upload, tus),
      onError: (problem) => this.stopped(upload, problem),
    });
    const before = await tus.findPreviousUploads().catch((): PreviousUpload[] => []);
    if (before[0]) tus.resumeFromPreviousUpload(before[0]);
    return tus;
  }

  private arrived(upload: Sending, tus: Tus): void {
    const fileId = new URL(tus.url!, location.href).pathname.split("/").at(-1)!;
    this.set(upload, { state: "done", sent: upload.size, fileId });
    this.turns.end(upload);
    upload.done(fileId);
    setTimeout(() => this.drop(upload.key), 2500);
  }

  /** Without an answer the connection is to blame, and it will come back; an answer says why not, or not yet. */
  private stopped(upload: Sending, problem: Error): void {
    const response = "originalResponse" in problem ? (problem.originalResponse as TusResponse | null) : null;
    const status = response?.getStatus() ?? 0;
    if (status === TOO_MANY) {
      this.turns.hold(Number(response!.getHeader("Retry-After")) || 1);
      this.turns.end(upload);
      this.set(upload, { state: "queued" });
      this.turns.take(upload, { first: true });
      return;
    }
    if (status === 0 || status >= 500) return this.wait(upload);
    this.set(upload, { state: "refused", reason: reasonIn(response!.getBody()) });
    this.turns.end(upload);
    upload.failed(new Error(upload.reason));
  }

  private wait(upload: Sending): void {
    this.set(upload, { state: "waiting", reason: t("Waiting for a connection. It continues automatically.") });
    this.turns.end(upload);
  }

  private goOn(): void {
    for (const upload of this.all) if (upload.state === "waiting") this.resume(upload.key);
  }

  private find(key: number): Sending | undefined {
    return this.all.find((upload) => upload.key === key);
  }

  private set(upload: Sending, what: Partial<Upload>): void {
    Object.assign(upload, what);
    this.changed();
  }

  private changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}

interface TusResponse {
  getStatus(): number;
  getHeader(name: string): string | undefined;
  getBody(): string;
}

function reasonIn(body: string): string {
  try {
    const answer = JSON.parse(body) as { error?: { message?: string } };
    if (answer.error?.message) return answer.error.message;
  } catch {
    // A proxy's page, not the hub's answer.
  }
  return t("The server didn't accept this file.");
}

/** A picture from the clipboard has no name of its own. */
export function named(file: File, at: Date): File {
  if (file.name && file.name !== "image.png") return file;
  const stamp = at.toISOString().slice(0, 19).replace("T", " ").replaceAll(":", ".");
  return new File([file], `${t("Picture")} ${stamp}.png`, { type: file.type });
}

export const uploads = new Uploads();
