/**
 * The page's one live connection. Streams are entered once however many elements look at them,
 * and go on from where they stood when a lost connection comes back.
 */
import { io } from "socket.io-client";
import type { Socket } from "socket.io-client";
import type { Id, PersonSnapshot, Snapshot, WireEvent } from "../contract";
import { backoff, pause } from "../models/backoff";
import type { Part } from "../parts";
import { clock } from "../models/clock";
import { RefusalError, refusalOf } from "../models/refusal";
import { t } from "../models/words";
import { goToSignIn, page } from "./page";
import { OwnPresence } from "./presence";
import { roomByPart } from "./rooms";
import { Stream } from "./stream";
import type { Entered, Places } from "./stream";

export type Connection = "live" | "connecting" | "offline";
export type RoomStream = Stream<Snapshot>;
export type PersonStream = Stream<PersonSnapshot>;

interface OwnStreams {
  person: PersonStream;
  business: Stream;
  installation: Stream;
}

/** A loss shorter than this is nobody's business. */
const GRACE = 1_500;
const OFFLINE_AFTER = 15_000;
const ANSWER_WITHIN = 10_000;
/** An element that is moved leaves its stream and enters it again at once. */
const LINGER = 1_000;

/** Counts that an event didn't tell are read anew once several may have come, and not by all screens at once. */
const RECOUNT = 300;

/** Until a window or two are closed, asking again soon helps nobody. */
const CROWDED = 20_000;
const SIGNED_OUT = "not_signed_in";

/** The state that a page brought, and from where it is to be continued. */
export type Drawn = Places & { snapshot: object; parts?: readonly Part[] };

interface EnterAnswer extends Entered {
  ok: boolean;
  now?: string;
}

class Feed {
  /** What is to be shown; `connected` is what is so. */
  connection: Connection = "live";

  private made: Socket | null = null;
  private readonly streams = new Map<string, { stream: Stream<object>; users: number }>();
  private readonly listeners = new Set<(connection: Connection) => void>();
  private timers: ReturnType<typeof setTimeout>[] = [];
  private readonly recounting = new Set<string>();
  private failures = 0;
  private readonly presence = new OwnPresence((state) => this.made?.connected && this.made.emit("presence.set", { state }));

  get connected(): boolean {
    return this.made?.connected ?? false;
  }

  /** A room, from the state that the page brought if it did. Leave it with `leave`. */
  enter(roomId: Id, drawn?: Drawn | null): RoomStream {
    return this.use(`room:${roomId}`, drawn) as unknown as RoomStream;
  }

  /** The asker's own stream, or that of the business. */
  stream<Name extends keyof OwnStreams>(name: Name): OwnStreams[Name] {
    return this.use(name) as unknown as OwnStreams[Name];
  }

  leave(stream: { key: string }): void {
    const held = this.streams.get(stream.key);
    if (!held) return;
    held.users -= 1;
    setTimeout(() => this.drop(stream.key), LINGER);
  }

  /** Asks for the whole state again. */
  refresh(stream: { key: string }): void {
    const held = this.streams.get(stream.key);
    if (!held) return;
    held.stream.forget();
    void this.ask(held.stream);
  }

  /** Brings parts of a room that aren't here whole yet, again and again while what hinders it is passing. */
  async load(stream: RoomStream, ...parts: Part[]): Promise<void> {
    stream.want(parts);
    for (let attempt = 0; this.holds(stream as unknown as Stream<object>) && !stream.refusal; attempt += 1) {
      const missing = stream.missing(parts);
      if (!missing.length && !stream.stale) return;
      const keeping = stream.keep();
      const read = await roomByPart(stream.key.slice("room:".length), missing).catch(() => null);
      if (!stream.take(missing, read, keeping)) await pause(backoff(attempt));
    }
  }

  /** Tells the others in the room something that isn't kept: typing, a cursor. */
  signal(roomId: Id, kind: string, data: unknown = {}): void {
    if (this.connected) this.made?.volatile.emit("signal.send", { room_id: roomId, kind, data });
  }

  /** Sends and waits for the acknowledgement; rejects when the connection goes first. */
  async send(name: string, fields: object): Promise<unknown> {
    if (!this.connected || !this.made) throw new Error("not connected");
    return this.made.timeout(ANSWER_WITHIN).emitWithAck(name, fields);
  }

  onConnection(listener: (connection: Connection) => void): () => void {
    this.listeners.add(listener);
    listener(this.connection);
    return () => void this.listeners.delete(listener);
  }

  /** Tries again now rather than when the next attempt is due. */
  reconnect(): void {
    if (this.made && !this.made.connected) this.made.disconnect().connect();
  }

  private use(key: string, drawn?: Drawn | null): Stream<object> {
    const held = this.streams.get(key);
    if (held) {
      held.users += 1;
      return held.stream;
    }
    const stream = new Stream<object>(key);
    if (drawn) stream.start(drawn, drawn.snapshot, drawn.parts);
    this.streams.set(key, { stream, users: 1 });
    this.open();
    if (this.connected) void this.ask(stream);
    return stream;
  }

  private drop(key: string): void {
    const held = this.streams.get(key);
    if (!held || held.users > 0) return;
    this.streams.delete(key);
    if (this.connected) this.made?.emit(...leaving(key));
  }

  /** Enters the stream, again and again while what hinders it is passing. */
  private async ask(stream: Stream<object>): Promise<void> {
    for (let attempt = 0; this.holds(stream) && this.connected; attempt += 1) {
      stream.entering();
      const { made } = this;
      const askedAt = Date.now();
      const answer = (await this.send(...entering(stream)).catch(() => null)) as EnterAnswer | null;
      if (this.made !== made || !this.holds(stream)) return;
      if (answer?.ok) {
        if (answer.now) clock.answered(answer.now, askedAt);
        stream.entered(answer);
        return this.recount(stream);
      }
      const refusal = refusalOf(answer);
      if (refusal.code === SIGNED_OUT) return goToSignIn();
      // A hub of the version before knows no parts of a room: it says all anew.
      if (refusal.code === "invalid" && !stream.undivided) {
        stream.undivided = true;
        stream.forget();
        continue;
      }
      if (answer && !refusal.passing) return stream.refuse(refusal);
      await pause(backoff(attempt));
    }
  }

  private holds(stream: Stream<object>): boolean {
    return this.streams.get(stream.key)?.stream === stream;
  }

  private hear(name: string, payload: Partial<WireEvent> | undefined): void {
    if (name === "session.ended") return goToSignIn();
    if (!payload?.stream) return;
    const stream = this.streams.get(keyOf(payload.stream))?.stream;
    if (stream && name.endsWith(".closed")) return this.shut(stream);
    if (stream && name.endsWith(".reset")) return this.refresh(stream);
    const event = { ...payload, name, at: payload.at ?? null } as WireEvent;
    for (const hearing of stream ? [stream] : this.besides(payload.stream)) {
      if (payload.recorded_at) clock.heard(payload.recorded_at);
      if (hearing.hear(event) === "reenter") this.refresh(hearing);
      this.recount(hearing);
    }
  }

  private recount(stream: Stream<object>): void {
    if (!stream.stale || this.recounting.has(stream.key)) return;
    this.recounting.add(stream.key);
    setTimeout(() => {
      this.recounting.delete(stream.key);
      void this.load(stream as unknown as RoomStream);
    }, RECOUNT * (1 + Math.random()));
  }

  /** The rooms that go with a process. */
  private besides(name: string): Stream<object>[] {
    return [...this.streams.values()].map(({ stream }) => stream).filter((stream) => stream.hears(name));
  }

  /** The right to look was taken back: the last that was seen stays, marked so, until it is given again. */
  private shut(stream: Stream<object>): void {
    stream.forget();
    stream.refuse(new RefusalError({ code: "closed", message: t("You no longer see this room.") }));
  }

  private open(): void {
    if (this.made) return;
    const socket = io({
      transports: ["websocket"],
      withCredentials: true,
      auth: { person_id: page.personId },
      reconnectionDelay: 300,
      reconnectionDelayMax: 4_000,
    });
    this.made = socket;
    this.lost();
    socket.on("connect", () => this.live());
    socket.on("disconnect", (reason) => {
      this.lost();
      // The library comes back by itself from everything but the server's own good-bye.
      if (reason === "io server disconnect") this.comeBack();
    });
    socket.on("connect_error", (error) => void this.failed(socket, error));
    socket.onAny((name: string, payload) => this.hear(name, payload));
    addEventListener("online", () => this.reconnect());
    addEventListener("offline", () => this.show("offline"));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.reconnect();
    });
  }

  private live(): void {
    this.failures = 0;
    this.timers.forEach(clearTimeout);
    this.show("live");
    for (const { stream } of this.streams.values()) void this.ask(stream);
    this.presence.say();
  }

  private lost(): void {
    for (const { stream } of this.streams.values()) stream.entering();
    this.timers.forEach(clearTimeout);
    this.timers = [
      setTimeout(() => this.show(navigator.onLine ? "connecting" : "offline"), GRACE),
      setTimeout(() => this.show("offline"), OFFLINE_AFTER),
    ];
  }

  /** The server is away, or it is there and won't have us: only the second needs anybody's act. */
  private async failed(socket: Socket, error: Error & { data?: { code?: string } }): Promise<void> {
    if (error.data?.code === SIGNED_OUT) return goToSignIn();
    this.failures += 1;
    if (!socket.active) this.comeBack(error.data?.code === "too_many_sockets" ? CROWDED : undefined);
    if (this.failures % 3 !== 1) return;
    const answer = await fetch("/api/v1/session").catch(() => null);
    if (answer?.status === 401) goToSignIn();
  }

  private comeBack(after = backoff(this.failures)): void {
    setTimeout(() => this.made?.connect(), after);
  }

  private show(connection: Connection): void {
    if (connection === this.connection) return;
    this.connection = connection;
    for (const listener of [...this.listeners]) listener(connection);
  }
}

function entering(stream: Stream<object>): [string, object] {
  const { at } = stream.cursor;
  const beside = stream.beside.at;
  const [kind, id] = stream.key.split(":");
  // Through another lens than before, the log can't be continued: the server must know which it was.
  const lens = (stream.things as Partial<Snapshot>).me?.lens;
  const where = at && { epoch: at.epoch, after: at.offset, ...(lens && { lens }) };
  const from = { ...where, ...(beside && { process_epoch: beside.epoch, process_after: beside.offset }) };
  if (!id) return ["stream.enter", { stream: kind, ...from }];
  return ["room.enter", { room_id: id, ...from, ...(stream.undivided ? {} : { parts: stream.asks }) }];
}

function leaving(key: string): [string, object] {
  const [kind, id] = key.split(":");
  return id ? ["room.leave", { room_id: id }] : ["stream.leave", { stream: kind }];
}

/** The asker's own streams are entered by kind alone. */
function keyOf(stream: string): string {
  return stream.startsWith("room:") ? stream : (stream.split(":")[0] ?? stream);
}

export const feed = new Feed();
