/** What was written but is not on the wall yet: drafts, and messages and reactions on their way.
 *
 * It outlives a reload, and so does what was seen. What is on its way keeps its key, so that sending
 * it again after a lost connection or a reload does it once.
 */
import type { Message } from "../contract";
import { folded } from "./folding";
import { spoken } from "./mentions";
import type { Reacting } from "./reactions";

const CLOCKS_APART = 3_000;

export interface Unsent {
  key: string;
  body: string;
  audience: "all" | "team";
  attachments: string[];
  /** Files that are still to be sent before it; a reload loses them. */
  awaited: number;
  at: string;
  state: "sending" | "waiting" | "refused";
  /** Why it was refused, in words. */
  reason: string;
}

export interface Draft {
  body: string;
  audience: "all" | "team" | null;
}

type Storage_ = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export class Outbox {
  constructor(
    private readonly storage: Storage_,
    private readonly name: string,
  ) {}

  get draft(): Draft {
    return this.read<Draft>("draft", { body: "", audience: null });
  }

  set draft(draft: Draft) {
    if (draft.body || draft.audience) this.write("draft", draft);
    else this.remove("draft");
  }

  /** The newest message that was seen here; null on the first visit. */
  get seen(): string | null {
    return this.read<string | null>("seen", null);
  }

  set seen(at: string | null) {
    this.write("seen", at);
  }

  get unsent(): Unsent[] {
    return this.read<Unsent[]>("unsent", []);
  }

  /** Given or taken back, in the order of the clicks. */
  get reactions(): readonly Reacting[] {
    return this.read<Reacting[]>("reactions", []);
  }

  set reactions(onTheirWay: readonly Reacting[]) {
    if (onTheirWay.length) this.write("reactions", onTheirWay);
    else this.remove("reactions");
  }

  put(message: Unsent): void {
    const others = this.unsent.filter((known) => known.key !== message.key);
    this.save([...others, message].sort((a, b) => a.at.localeCompare(b.at)));
  }

  drop(key: string): void {
    this.save(this.unsent.filter((known) => known.key !== key));
  }

  private save(unsent: Unsent[]): void {
    if (unsent.length) this.write("unsent", unsent);
    else this.remove("unsent");
  }

  private read<T>(what: string, otherwise: T): T {
    try {
      const text = this.storage.getItem(this.place(what));
      return text ? (JSON.parse(text) as T) : otherwise;
    } catch {
      return otherwise;
    }
  }

  /** A full or forbidden storage must not stop anyone from writing. */
  private write(what: string, value: unknown): void {
    try {
      this.storage.setItem(this.place(what), JSON.stringify(value));
    } catch {
      return;
    }
  }

  private remove(what: string): void {
    try {
      this.storage.removeItem(this.place(what));
    } catch {
      return;
    }
  }

  private place(what: string): string {
    return `atrium:${this.name}:${what}`;
  }
}

type NameOf = (id: string) => string | undefined;

/** The event may come before the acknowledgement: then the message already stands on the wall. */
export function notYetShown(unsent: readonly Unsent[], messages: readonly Message[], myId: string, nameOf: NameOf): Unsent[] {
  const free = messages.filter((message) => message.author_id === myId);
  return unsent.filter((one) => {
    if (one.state === "refused") return true;
    const place = free.findIndex((message) => saidAfter(message, one) && saysTheSame(message.body, one.body, nameOf));
    if (place < 0) return true;
    free.splice(place, 1);
    return false;
  });
}

/** A name that was typed stands on the wall as who it is. */
function saysTheSame(told: string, sent: string, nameOf: NameOf): boolean {
  if (!sent.includes("@")) return told.trim() === sent.trim();
  return folded(spoken(told, nameOf)) === folded(spoken(sent, nameOf));
}

/** The device's clock may be a little ahead of the server's. */
function saidAfter(message: Message, one: Unsent): boolean {
  return Date.parse(message.posted_at) >= Date.parse(one.at) - CLOCKS_APART;
}
