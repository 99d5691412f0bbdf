/** What a tab of the room's page is, and what only the browser knows of it: its class says it beside what it draws. */
import type { Counts, Id, ThingName, WireEvent } from "../../contract";
import type { RoomView } from "../../models/room";
import type { RoomElement } from "./room-element";

/** An element that shows a tab. It is called after it: `<room-files>` shows *files*. */
export interface TabElement extends RoomElement {
  /** Hears what is told in the room. */
  heard?(event: WireEvent): void;
  /** Hears that the whole state came anew. */
  reset?(): void;
  /** Hears that parts of the room have come. */
  settle?(): unknown;
  /** Brings one of its things before the eyes. */
  point?(id: Id): unknown;
}

export interface RoomTab<Shown extends TabElement = TabElement> {
  /** How it is called, in the reader's language. */
  name(): string;
  /** How many stand beside its name. */
  count?: keyof Counts;
  /** What an address names in it: `#file-…`. */
  thing?: ThingName;
  /** Leads here from every tab, and does what its button with this key does. */
  key?: string;
  press?(shown: Shown): void;
  /** What stands beside all tabs, such as a dialog. */
  everywhere?(room: RoomView): unknown;
}

export interface TabClass {
  new (): TabElement;
  readonly tab: RoomTab;
}
