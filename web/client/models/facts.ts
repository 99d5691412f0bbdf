/** Facts: what a room's things tell of what happened by being as they are, so that they need no telling of their own. */
import { THINGS, type ActedBy, type Id, type Instant, type Message } from "../contract";
import type { Part } from "../parts";
import { TIMELINE } from "../sentences";
import type { Thing } from "./fold";
import { readings } from "./readings";
import type { RoomView } from "./room";
import { said, type FactOf, type Said, type Sentence, type Sentences } from "./sentences";
import { signed } from "./signatures";

export interface Fact {
  key: string;
  at: Instant;
  /** The event that it tells of, and the thing that tells it. */
  name: string;
  thing: Thing;
}

type Telling = Sentence & { fact: FactOf };

const TELLING = Object.entries(TIMELINE.events).filter((each): each is [string, Telling] => "fact" in each[1]);

/** The parts of a room that facts are read off. */
export const FACT_PARTS = [...new Set(TELLING.map(([, { kind }]) => kind))] as Part[];

/** The timeline's own sentences, with what is shorter first. */
const SENTENCES: Sentences = {
  blanks: TIMELINE.blanks,
  events: Object.fromEntries(TELLING.map(([name, sentence]) => [name, shortened(sentence)])),
};

function shortened(sentence: Telling): Sentence {
  const { shorter } = sentence.fact;
  return shorter ? { ...sentence, says: [{ pattern: shorter, icon: "" }, ...sentence.says] } : sentence;
}

/** All but what hangs on a message, which shows it. */
export function factsOf(room: RoomView, messages: readonly Message[]): Fact[] {
  const attached = new Set(messages.flatMap((message) => message.attachments));
  return TELLING.flatMap(([name, { fact }]) =>
    listed(room, fact)
      .filter((thing) => thing[fact.at] && !attached.has(thing.id))
      .map((thing) => ({ key: `${name}-${thing.id}`, at: thing[fact.at] as Instant, name, thing })),
  );
}

function listed(room: RoomView, { thing }: FactOf): readonly Thing[] {
  return (room.things as unknown as Record<string, Thing[]>)[THINGS[thing]] ?? [];
}

/** What is said of a fact: of who did it the first name. */
export function factSaid({ name, thing }: Fact, room: RoomView): Said | null {
  const { fact } = TIMELINE.events[name] as Telling;
  const who = signed(room.firstName(fact.by && (thing[fact.by] as Id)), thing["acted_by"] as ActedBy | null);
  return said(SENTENCES, { name, [fact.thing]: thing }, readings(room, () => who));
}
