/** Files on their way up: resumable, so a lost connection costs only the wait. */
import type { PreviousUpload, Upload as Tus } from "tus-js-client";
import { t } from "../models/words";
import { feed } from "./feed";
import { page } from "./page";

const ENDPOINT = "/api/v1/uploads";

export interface Upload {
  key: number;
  roomId: string;
  name: string;
  size: number;
  sent: number;
  state: "sending" | "paused" | "waiting" | "done" | "refused";
  reason: string;
  /** The file's id once the server has it whole. */
  fileId: string | null;
}

interface Sending extends Upload {
  file: File;
  audience: string;
  tus: Tus | null;
  done: (fileId: string) => void;
  failed: (problem: Error) => void;
}

class Uploads extends EventTarget {
  private readonly all: Sending[] = [];
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
      state: "sending",
      reason: "",
      fileId: null,
      file,
      audience,
      tus: null,
      done,
      failed,
    };
    this.all.push(upload);
    this.changed();
    void this.start(upload);
    return { upload, whole };
  }

  pause(key: number): void {
    const upload = this.find(key);
    if (!upload) return;
    void upload.tus?.abort();
    this.set(upload, { state: "paused" });
  }

  resume(key: number): void {
    const upload = this.find(key);
    if (!upload) return;
    this.set(upload, { state: "sending", reason: "" });
    upload.tus?.start();
  }

  /** Gives it up; the server forgets what it had of it. */
  drop(key: number): void {
    const upload = this.find(key);
    if (!upload) return;
    if (upload.state !== "done") {
      void upload.tus?.abort(upload.state !== "refused").catch(() => undefined);
      upload.failed(new Error(t("The upload was stopped.")));
    }
    this.all.splice(this.all.indexOf(upload), 1);
    this.changed();
  }

  private async start(upload: Sending): Promise<void> {
    const { Upload } = await import("tus-js-client");
    const { file, roomId, audience } = upload;
    upload.tus = new Upload(file, {
      endpoint: ENDPOINT,
      metadata: { room_id: roomId, filename: file.name, audience },
      headers: { "X-CSRF-Token": page.csrf },
      chunkSize: 8 * 1024 * 1024,
      retryDelays: [0, 1000, 2000, 4000],
      removeFingerprintOnSuccess: true,
      fingerprint: async () => ["atrium", roomId, audience, file.name, file.size, file.lastModified].join(":"),
      onProgress: (sent) => this.set(upload, { sent, ...(upload.state === "waiting" ? { state: "sending" } : {}) }),
      onSuccess: () => this.arrived(upload),
      onError: (problem) => this.stopped(upload, problem),
    });
    const before = await upload.tus.findPreviousUploads().catch((): PreviousUpload[] => []);
    if (before[0]) upload.tus.resumeFromPreviousUpload(before[0]);
    if (upload.state === "sending") upload.tus.start();
  }

  private arrived(upload: Sending): void {
    const fileId = new URL(upload.tus!.url!, location.href).pathname.split("/").at(-1)!;
    this.set(upload, { state: "done", sent: upload.size, fileId });
    upload.done(fileId);
    setTimeout(() => this.drop(upload.key), 2500);
  }

  /** Without an answer the connection is to blame, and it will come back; an answer says why not. */
  private stopped(upload: Sending, problem: Error): void {
    const response = "originalResponse" in problem ? (problem.originalResponse as TusResponse | null) : null;
    const status = response?.getStatus() ?? 0;
    if (status === 0 || status >= 500) {
      this.set(upload, { state: "waiting", reason: t("Waiting for the connection; it goes on by itself.") });
      return;
    }
    this.set(upload, { state: "refused", reason: reasonIn(response!.getBody()) });
    upload.failed(new Error(upload.reason));
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
  getBody(): string;
}

function reasonIn(body: string): string {
  try {
    const answer = JSON.parse(body) as { error?: { message?: string } };
    if (answer.error?.message) return answer.error.message;
  } catch {
    // A proxy's page, not the hub's answer.
  }
  return t("The server did not take this file.");
}

/** A picture from the clipboard has no name of its own. */
export function named(file: File, at: Date): File {
  if (file.name && file.name !== "image.png") return file;
  const stamp = at.toISOString().slice(0, 19).replace("T", " ").replaceAll(":", ".");
  return new File([file], `${t("Picture")} ${stamp}.png`, { type: file.type });
}

export const uploads = new Uploads();
