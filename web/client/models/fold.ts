/**
 * A stream's state, kept by one rule: each thing that an event carries in its new form, alone or in a list,
 * replaces the one of the same id, or leaves when it is gone. No event needs code of its own.
 */
import { THINGS } from "../contract";
import type { Gone, WireEvent } from "../contract";

/** What a snapshot holds: lists of things, and single ones (`room`, `process`, `me`). */
export type Things = Record<string, unknown>;

export interface Thing {
  id: string;
  [field: string]: unknown;
}

const NONE: ReadonlySet<string> = new Set();

export function empty(): Things {
  const lists = Object.entries(THINGS).filter(([name, plural]) => name !== plural);
  return Object.fromEntries(lists.map(([, plural]) => [plural, []]));
}

/** A snapshot as a state. One by a hub of an older version is without the lists that are newer. */
export function load(snapshot: object): Things {
  return { ...empty(), ...snapshot };
}

/**
 * The state after an event. What changes is replaced, never mutated, so `===` tells what changed. Lists that are ahead
 * have it in them already.
 */
export function apply(things: Things, event: WireEvent, ahead: ReadonlySet<string> = NONE): Things {
  const next = { ...things };
  let touched = false;
  for (const [name, plural] of Object.entries(THINGS)) {
    const form = event[name];
    if (form === undefined || (form === null && !(name in things)) || ahead.has(plural)) continue;
    put(next, name, plural, form);
    touched = true;
  }
  for (const [name, plural] of Object.entries(THINGS)) {
    const forms = name === plural ? undefined : event[plural];
    if (!Array.isArray(forms) || ahead.has(plural)) continue;
    for (const form of forms) put(next, name, plural, form);
    touched = true;
  }
  return touched ? next : things;
}

function put(things: Things, name: string, plural: string, form: unknown): void {
  const listed = listName(things, name, plural);
  if (listed === null) things[name] = isGone(form) ? null : form;
  else if (isThing(form)) things[listed] = folded((things[listed] as Thing[] | undefined) ?? [], form);
}

/** A room stands alone in its own snapshot, and in a list of rooms elsewhere. */
function listName(things: Things, name: string, plural: string): string | null {
  if (name !== plural) return name in things ? null : plural;
  return Array.isArray(things[`${name}s`]) ? `${name}s` : null;
}

function folded(list: Thing[], form: Thing): Thing[] {
  const place = list.findIndex((each) => each.id === form.id);
  if (isGone(form)) return place < 0 ? list : list.toSpliced(place, 1);
  return place < 0 ? [...list, form] : list.with(place, form);
}

export function isGone(form: unknown): form is Gone {
  return isThing(form) && form["gone"] === true;
}

function isThing(form: unknown): form is Thing {
  return typeof form === "object" && form !== null && "id" in form;
}
