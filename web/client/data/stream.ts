/**
 * One stream as the page holds it: its state, folded from a snapshot and events. With a room goes its process, which has
 * a log of its own.
 */
import type { Counts, Position, Presence, WireEvent } from "../contract";
import { Cursor } from "../models/cursor";
import type { Verdict } from "../models/cursor";
import { apply, empty, load } from "../models/fold";
import type { Things } from "../models/fold";
import { counted } from "../models/parts";
import type { RefusalError } from "../models/refusal";
import { LISTS, type Part } from "../parts";

export type Change =
  | { kind: "reset" }
  | { kind: "parts" }
  | { kind: "event"; event: WireEvent }
  | { kind: "refused"; refusal: RefusalError };

export type Listener = (change: Change) => void;

export interface Places {
  at: Position;
  /** Of a room: its place in its process's log, and which that is. */
  process_at?: Position & { stream?: string };
}

/** Parts of a room that were read by themselves, with what every snapshot has. */
export type Parts = Places & { counts?: Counts } & Things;

/** What was told while parts were being read. */
interface Keeping {
  since: number;
  events: WireEvent[];
}

export interface Entered extends Places {
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

  /** Which of a room's parts are here whole; null where all are. */
  parts: ReadonlySet<Part> | null = null;
  /** A hub of the version before knows no parts. */
  undivided = false;
  /** The counts are to be read anew. */
  stale = false;

  private readonly wanted = new Set<Part>();
  private asked: readonly Part[] = [];
  /** Which whole state this is. */
  private nr = 0;
  private readonly keepings = new Set<Keeping>();
  /** Lists that were read later than the rest, and how far in the log. */
  private readonly ahead = new Map<string, number>();

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
  start({ at, process_at }: Places, snapshot: object, parts: readonly Part[] = []): void {
    this.want(parts);
    this.asked = parts;
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
  entered(answer: Entered): void {
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
    for (const keeping of this.keepings) keeping.events.push(event);
    const before = this.things as Things;
    const ahead = this.aheadOf(event);
    this.things = apply(before, event, ahead) as T;
    if (!ahead.has("counts")) this.count(before, event);
    this.tell({ kind: "event", event });
  }

  /** From now on these parts belong to a whole state. */
  want(parts: readonly Part[]): void {
    for (const part of parts) this.wanted.add(part);
  }

  /** The parts that a whole state is asked for with. */
  get asks(): readonly Part[] {
    return (this.asked = [...this.wanted]);
  }

  missing(parts: readonly Part[]): Part[] {
    return parts.filter((part) => this.parts !== null && !this.parts.has(part));
  }

  /** What is told from now on is kept, for parts that are about to be read. */
  keep(): Keeping {
    const keeping = { since: this.nr, events: [] };
    this.keepings.add(keeping);
    return keeping;
  }

  /**
   * Parts that were read, each taken in exactly: what was told after they were read is folded into them, and what they
   * have already isn't when it comes. False when they don't belong to this state; then they are to be read again.
   */
  take(parts: readonly Part[], read: Parts | null, keeping: Keeping): boolean {
    this.keepings.delete(keeping);
    const { at } = this.cursor;
    if (!read || !at || keeping.since !== this.nr || (at.epoch !== "" && at.epoch !== read.at.epoch)) return false;
    const lists = [...parts.flatMap((part) => LISTS[part]), "counts"];
    let taken: Things = Object.fromEntries(lists.map((list) => [list, read[list]]));
    this.stale = false;
    for (const event of keeping.events) {
      if (!event.at || this.cursorOf(event) !== this.cursor || event.at.offset <= read.at.offset) continue;
      const before = { ...this.things, ...taken } as Things;
      taken = { ...apply(taken, event), counts: this.countsAfter(taken["counts"] as Counts, before, event) };
    }
    this.things = { ...this.things, ...Object.fromEntries(lists.map((list) => [list, taken[list]])) };
    if (read.at.offset > at.offset) lists.forEach((list) => this.ahead.set(list, read.at.offset));
    this.parts = new Set([...(this.parts ?? []), ...parts]);
    this.tell({ kind: "parts" });
    return true;
  }

  /** Things that were read by themselves; if something was told of one meanwhile, that stands. */
  know(list: string, ...read: { id: string }[]): void {
    const things = this.things as Things;
    const known = (things[list] as { id: string }[] | undefined) ?? [];
    const ids = new Set(known.map(({ id }) => id));
    const news = read.filter(({ id }) => !ids.has(id));
    if (!news.length) return;
    this.things = { ...things, [list]: [...known, ...news] } as T;
    this.tell({ kind: "parts" });
  }

  private aheadOf(event: WireEvent): ReadonlySet<string> {
    if (!event.at || this.cursorOf(event) !== this.cursor) return new Set();
    for (const [list, offset] of this.ahead) if (event.at.offset > offset) this.ahead.delete(list);
    return new Set(this.ahead.keys());
  }

  private count(before: Things, event: WireEvent): void {
    const counts = before["counts"] as Counts | undefined;
    if (counts) this.things = { ...this.things, counts: this.countsAfter(counts, before, event) };
  }

  private countsAfter(counts: Counts, before: Things, event: WireEvent): Counts {
    const next = counted(counts, before, event);
    this.stale ||= next === null;
    return next ?? counts;
  }

  refuse(refusal: RefusalError): void {
    this.refusal = refusal;
    this.closed(refusal);
    this.tell({ kind: "refused", refusal });
  }

  private missed({ at, process_at, events = [] }: Entered): WireEvent[] {
    const own = events.filter((event) => this.cursorOf(event) === this.cursor);
    const others = events.filter((event) => this.cursorOf(event) === this.beside);
    return [...this.cursor.continued(at, own), ...this.beside.continued(process_at ?? this.beside.at, others)];
  }

  private cursorOf(event: WireEvent): Cursor {
    return this.hears(event.stream) ? this.beside : this.cursor;
  }

  private replace(snapshot: object): void {
    this.things = load(snapshot) as T;
    this.parts = "counts" in snapshot ? new Set(this.asked) : null;
    this.stale = false;
    this.ahead.clear();
    this.nr += 1;
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
