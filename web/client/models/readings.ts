/** How what stands in a room's events is read, wherever their sentences are said; the server has the same (`web/words/readings.py`). */
import type { Entry, Id, WireEvent } from "../contract";
import type { Reading } from "../sentences";
import { plain } from "./excerpts";
import { secondsOf } from "./hours";
import { spoken } from "./mentions";
import { builtIn, type RoomView } from "./room";
import { at, type Filling, type Named, type Readings } from "./sentences";
import { hours } from "./time";
import { t } from "./words";

export function readings(room: RoomView, doer = (event: WireEvent) => room.who(event)): Readings {
  return {
    doer,
    words: (body: string) => plain(spoken(body, room.addressed)),
    hours: (entry: Entry) => (entry.stopped_at ? hours(secondsOf(entry, 0)) : null),
    name: (id: Id, named: Named) => nameOf(room, id, named),
  } satisfies Record<Reading | "name", (...read: never[]) => Filling>;
}

function nameOf(room: RoomView, id: Id, named: Named): Filling {
  const name = room.addressed(id) ?? listed(room, named).find((thing) => thing.id === id)?.[named.field];
  if (name === undefined) return id === room.myId ? t("You") : null;
  return named.builtIn ? builtIn(name) : name;
}

function listed(room: RoomView, { things }: Named): ({ id: Id } & Record<string, string>)[] {
  return (at(room.things as unknown as Record<string, unknown>, things) ?? []) as ({ id: Id } & Record<string, string>)[];
}
