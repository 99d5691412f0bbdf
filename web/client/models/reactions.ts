/** Reactions as they are shown: those of the room, and before them to come what the reader gave or took back. */
import type { Id, Reaction } from "../contract";

/** An emoji that the reader gave or took back, on its way. */
export interface Reacting {
  key: string;
  message_id: Id;
  emoji: string;
  given: boolean;
}

export interface ShownReaction {
  emoji: string;
  person_ids: readonly Id[];
  /** What the reader did is on its way. */
  waiting: boolean;
}

/** The emojis under a message in their order, as they will be once all that is on its way has come through. */
export function shownUnder(
  messageId: Id,
  reactions: readonly Reaction[],
  onTheirWay: readonly Reacting[],
  myId: Id,
): ShownReaction[] {
  const given = reactions.filter((reaction) => reaction.message_id === messageId).sort((a, b) => a.place - b.place);
  const shown = new Map<string, ShownReaction>(
    given.map(({ emoji, person_ids }) => [emoji, { emoji, person_ids, waiting: false }]),
  );
  for (const one of onTheirWay.filter(({ message_id }) => message_id === messageId)) {
    const before = shown.get(one.emoji)?.person_ids ?? [];
    const others = before.filter((id) => id !== myId);
    const after = !one.given ? others : before.includes(myId) ? before : [...before, myId];
    shown.set(one.emoji, { emoji: one.emoji, person_ids: after, waiting: true });
  }
  return [...shown.values()].filter(({ person_ids }) => person_ids.length);
}
