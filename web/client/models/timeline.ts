/** The timeline: each event as a sentence, sorted into kinds that one can ask for. */
import { KINDS, TIMELINE } from "../sentences";
import { THINGS, type Gone, type WireEvent } from "../contract";
import { isGone } from "./fold";
import { readings } from "./readings";
import type { RoomView } from "./room";
import { said, type Said } from "./sentences";
import { bearer } from "./signatures";
import { t } from "./words";

export type EventKind = keyof typeof KINDS;

/** What one can ask for, in the order in which it is offered, and as it is called. */
export function kinds(): [EventKind, string][] {
  return Object.entries(KINDS).map(([kind, called]) => [kind as EventKind, t(called)]);
}

export function kindOf(name: string): EventKind | undefined {
  return TIMELINE.events[name]?.kind as EventKind | undefined;
}

/** Told ones such as typing are not part of what happened. */
export function belongs(event: WireEvent): boolean {
  return kindOf(event.name ?? "") !== undefined && event.at !== null;
}

export function passes(event: WireEvent, kinds: ReadonlySet<EventKind>, personId: string | null): boolean {
  const kind = kindOf(event.name ?? "");
  return kind !== undefined && (!kinds.size || kinds.has(kind)) && (!personId || [event.actor_id, event.on_behalf_of].includes(personId));
}

export function namesOf(kinds: ReadonlySet<EventKind>): string[] {
  return Object.keys(TIMELINE.events).filter((name) => kinds.has(kindOf(name)!));
}

/** What is said of an event that belongs in the timeline. */
export function sentence(event: WireEvent, room: RoomView): Said | null {
  return said(TIMELINE, { ...event, bearer: bearer(event) }, readings(room));
}

/** What was told before: the words of a thing that is removed leave it too. */
export function erased(known: WireEvent, told: WireEvent): WireEvent {
  const gone = Object.keys(THINGS).filter((thing) => isGone(told[thing]) && (known[thing] as Gone | null)?.id === told[thing].id);
  return gone.length ? { ...known, ...Object.fromEntries(gone.map((thing) => [thing, told[thing]])) } : known;
}
