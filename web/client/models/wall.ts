/** The wall as lines: days, messages, quiet facts between them, and where the new ones begin. */
import type { Day, Instant, Message } from "../contract";
import { dayOf } from "./days";
import { factsOf, type Fact } from "./facts";
import type { RoomView } from "./room";
import type { Unread } from "./unread";

export type WallLine =
  | { kind: "day"; key: string; at: Instant }
  | { kind: "message"; key: string; message: Message; follows: boolean }
  | { kind: "facts"; key: string; facts: Fact[] }
  | { kind: "new"; key: string; count: number; since: string };

/** Messages of one hand within this time stand under one name. */
const FOLLOWS_SECONDS = 300;

/**
 * Facts older than the first message stay out while there are older messages to fetch (`complete` is false):
 * they would stand alone at the top.
 */
export function wallLines(
  room: RoomView,
  messages: readonly Message[],
  unread: Unread,
  complete: boolean,
): WallLine[] {
  const first = messages[0]?.posted_at;
  const facts = factsOf(room, messages).filter((fact) => complete || (first !== undefined && fact.at >= first));
  const lines: WallLine[] = [];
  let day: Day = "";
  let last: Message | null = null;
  let marked = false;

  for (const item of inOrder(messages, facts)) {
    const at = "message" in item ? item.message.posted_at : item.fact.at;
    const itsDay = dayOf(at);
    if (itsDay !== day) {
      day = itsDay;
      last = null;
      lines.push({ kind: "day", key: `day-${day}`, at });
    }
    if ("fact" in item) {
      const before = lines.at(-1);
      if (before?.kind === "facts") before.facts.push(item.fact);
      else lines.push({ kind: "facts", key: item.fact.key, facts: [item.fact] });
      last = null;
      continue;
    }
    if (!marked && unread.has(item.message)) {
      marked = true;
      last = null;
      lines.push({ kind: "new", key: "new", count: messages.filter((one) => unread.has(one)).length, since: unread.from! });
    }
    lines.push({ kind: "message", key: item.message.id, message: item.message, follows: follows(item.message, last) });
    last = item.message;
  }
  return lines;
}

function follows(message: Message, last: Message | null): boolean {
  return (
    last !== null &&
    last.author_id === message.author_id &&
    last.acted_by?.id === message.acted_by?.id &&
    last.audience === message.audience &&
    Date.parse(message.posted_at) - Date.parse(last.posted_at) < FOLLOWS_SECONDS * 1000
  );
}

type Item = { message: Message } | { fact: Fact };

function inOrder(messages: readonly Message[], facts: readonly Fact[]): Item[] {
  const at = (item: Item) => ("message" in item ? item.message.posted_at : item.fact.at);
  const items: Item[] = [...messages.map((message) => ({ message })), ...facts.map((fact) => ({ fact }))];
  return items.sort((a, b) => at(a).localeCompare(at(b)));
}

/**
 * Older pages and the live list as one: the live form wins, oldest first. What was told of a message before the first
 * that was fetched waits for its page: between the two there are others.
 */
export function joined(older: readonly Message[], live: readonly Message[], first?: Message): Message[] {
  const all = new Map(older.map((message) => [message.id, message]));
  for (const message of live) if (!first || inTime(message, first) >= 0) all.set(message.id, message);
  return [...all.values()].sort(inTime);
}

function inTime(a: Message, b: Message): number {
  return a.posted_at.localeCompare(b.posted_at) || a.id.localeCompare(b.id);
}
