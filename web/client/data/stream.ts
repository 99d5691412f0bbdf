/**
 * One stream as the page holds it: its state, folded from a snapshot and events. With a room goes its process, which has
 * a log of its own.
 */
import type { Position, Presence, WireEvent } from "../contract";
import { Cursor } from "../models/cursor";
import type { Verdict } from "../models/cursor";
import { apply, empty, load } from "../models/fold";
import type { Things } from "../models/fold";
import type { RefusalError } from "../models/refusal";

export type Change =
  | { kind: "reset" }
  | { kind: "event"; event: WireEvent }
  | { kind: "refused"; refusal: RefusalError };

export type Listener = (change: Change) => void;

export interface Places {
  at: Position;
  /** Of a room: its place in its process's log, and which that is. */
  process_at?: Position & { stream?: string };
}

export interface Answer extends Places {
  events?: WireEvent[];
  /** Who is in the room and how they are here now: no log has it. */
  presences?: Presence[];
  snapshot?: object;
}

export class Stream<T extends object = Things> {
  things: T = empty() as T;
  /** Set when the server won't let us in (any more); the state then is the last that was seen. */
  refusal: RefusalError | null = null;
  readonly cursor = new Cursor();
  /** Where a room stands in its process's log. */
  readonly beside = new Cursor();
  /** Resolves with the first state, and is refused when there will be none. */
  readonly ready: Promise<void>;

  /** The process's stream, once it is known. */
  private process: string | undefined;
  private readonly listeners = new Set<Listener>();
  private opened!: () => void;
  private closed!: (refusal: RefusalError) => void;

  constructor(readonly key: string) {
    this.ready = new Promise((resolve, reject) => {
      this.opened = resolve;
      this.closed = reject;
    });
    // Whoever waits hears of a refusal; nobody has to wait.
    this.ready.catch(() => undefined);
  }

  /** Hears every change from now on; gives the way to stop. */
  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** The state that the server wrote into the page: to be continued from there. */
  start({ at, process_at }: Places, snapshot: object): void {
    this.cursor.at = at;
    this.beside.at = process_at ?? null;
    this.process = process_at?.stream;
    this.replace(snapshot);
  }

  /** Whether what is told in a stream belongs here. */
  hears(stream: string): boolean {
    return stream !== "" && stream === this.process;
  }

  /** An enter is on its way, or must be: stored events wait for its answer. */
  entering(): void {
    this.cursor.entering();
    this.beside.entering();
  }

  /** Nothing of what was seen counts. */
  forget(): void {
    this.cursor.forget();
    this.beside.forget();
  }

  /** A live event: folded in if it is next, in its log's order. */
  hear(event: WireEvent): Verdict {
    const verdict = this.cursorOf(event).take(event);
    if (verdict === "apply") this.apply(event);
    return verdict;
  }

  /** What the server answered to an enter. */
  entered(answer: Answer): void {
    this.refusal = null;
    this.process = answer.process_at?.stream ?? this.process;
    if (answer.snapshot) {
      const later = [...this.cursor.replaced(answer.at), ...this.beside.replaced(answer.process_at ?? null)];
      this.replace(answer.snapshot);
      later.forEach((event) => this.apply(event));
    } else {
      this.missed(answer).forEach((event) => this.apply(event));
      for (const presence of answer.presences ?? []) this.apply(toldOf(this.key, presence));
      this.opened();
    }
  }

  apply(event: WireEvent): void {
    this.things = apply(this.things as Things, event) as T;
    this.tell({ kind: "event", event });
  }

  refuse(refusal: RefusalError): void {
    this.refusal = refusal;
    this.closed(refusal);
    this.tell({ kind: "refused", refusal });
  }

  private missed({ at, process_at, events = [] }: Answer): WireEvent[] {
    const own = events.filter((event) => this.cursorOf(event) === this.cursor);
    const others = events.filter((event) => this.cursorOf(event) === this.beside);
    return [...this.cursor.continued(at, own), ...this.beside.continued(process_at ?? this.beside.at, others)];
  }

  private cursorOf(event: WireEvent): Cursor {
    return this.hears(event.stream) ? this.beside : this.cursor;
  }

  private replace(snapshot: object): void {
    this.things = load(snapshot) as T;
    this.opened();
    this.tell({ kind: "reset" });
  }

  private tell(change: Change): void {
    for (const listener of [...this.listeners]) listener(change);
  }
}

function toldOf(stream: string, presence: Presence): WireEvent {
  return { name: "presence.changed", at: null, stream, actor_id: null, recorded_at: "", presence };
}
