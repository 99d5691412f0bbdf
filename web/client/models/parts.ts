/**
 * A room by part. What isn't here whole is here at a glance: whatever the rest of the room speaks of, its latest, and
 * how many there are. Both live by the same events.
 */
import { THINGS, type Counts, type ThingName, type WireEvent } from "../contract";
import { COUNTED, type Counted, type Part } from "../parts";
import { isGone, type Thing, type Things } from "./fold";

/** Counts after an event; null where it doesn't tell enough, and they are to be read anew. */
export function counted(counts: Counts, before: Things, event: WireEvent): Counts | null {
  const next = { ...counts };
  for (const { name, thing, addedBy, without } of COUNTED) {
    for (const form of formsIn(event, thing)) {
      const known = listOf(before, thing).find((one) => one.id === form.id);
      if (!known && (isGone(form) || event.name !== addedBy)) return null;
      next[name] += Number(isCounted(form, without)) - Number(known !== undefined && isCounted(known, without));
    }
  }
  return next;
}

/** How many there are: of parts that are here whole those that are here, of others as many as is said. */
export function countsOf(things: Things, said: Counts | null | undefined, whole: (part: Part) => boolean): Counts {
  const count = ({ name, part, thing, without }: Counted) =>
    said && !whole(part) ? said[name] : listOf(things, thing).filter((form) => isCounted(form, without)).length;
  return Object.fromEntries(COUNTED.map((each) => [each.name, count(each)])) as unknown as Counts;
}

function formsIn(event: WireEvent, thing: ThingName): Thing[] {
  const one = event[thing] as Thing | null | undefined;
  const several = event[THINGS[thing]];
  return [...(one ? [one] : []), ...(Array.isArray(several) ? several : [])];
}

function listOf(things: Things, thing: ThingName): Thing[] {
  return (things[THINGS[thing]] as Thing[] | undefined) ?? [];
}

function isCounted(form: Thing, without: string | undefined): boolean {
  return !isGone(form) && (without === undefined || !form[without]);
}
