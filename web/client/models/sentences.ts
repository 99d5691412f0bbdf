/**
 * What is said of an event: of its sentence's patterns the first whose conditions hold and whose blanks are all known.
 * The sentences are declared on the server, beside the events, and it reads them alike (`store/sentences.py`).
 */
import type { ThingName } from "../contract";
import { fill, t, type Params } from "./words";

/** What must hold: at a path stands just this; at two paths stands the same, or stand two things. */
export type Condition =
  | readonly ["is", path: string, value: unknown]
  | readonly ["same" | "differs", path: string, other: string];

/** That an identifier is read as the name of what it means: where in a room's state their list stands, and in which field. */
export interface Named {
  things: string;
  field: string;
  /** Whether a name may be the installation's own, which every reader sees in their language. */
  builtIn?: true;
}

/** Where a blank's filling may stand, and how it is read there; or what fills it otherwise. */
export type Source = readonly [path: string, reading: string | Named] | readonly [path: string, reading: "otherwise", text: string];

export interface Say {
  pattern: string;
  icon: string;
  when?: readonly Condition[];
}

/** That a thing tells of an event by being as it is: which it is, and its fields for when that was and whose deed. */
export interface FactOf {
  thing: ThingName;
  at: string;
  by?: string;
  /** What is said of it rather than the other patterns. */
  shorter?: string;
}

export interface Sentence {
  kind: string;
  says: readonly Say[];
  fact?: FactOf;
}

/** The sentences of one log, by the names of its events. */
export interface Sentences {
  blanks: Record<string, readonly Source[]>;
  events: Record<string, Sentence>;
}

/** An event with its name, and with what the reader's side adds, such as whose deed it is. */
export type Told = Record<string, unknown>;

export type Filling = string | null | undefined;

/** How what stands in an event is read, by name; `text` is as it stands, and `name` reads what is named. */
export type Readings = Record<string, (there: never, reading: never) => Filling>;

/** A translated pattern and what its blanks are filled with, so that the page can set names in bold. */
export interface Said {
  pattern: string;
  params: Record<string, string>;
  icon: string;
  kind: string;
}

export function said(sentences: Sentences, told: Told, readings: Readings = {}): Said | null {
  const { kind, says } = sentences.events[String(told["name"])] ?? { kind: "", says: [] };
  for (const { pattern, icon, when = [] } of says) {
    if (!when.every((condition) => holds(condition, told))) continue;
    const params = filled(blanksOf(pattern), sentences.blanks, told, readings);
    if (params) return { pattern: t(pattern), params, icon, kind };
  }
  return null;
}

/** A sentence as plain text. */
export function inWords({ pattern, params }: Pick<Said, "pattern"> & { params: Params }): string {
  return fill(pattern, params);
}

const BLANK = /\{(\w+)\}/g;

function blanksOf(pattern: string): string[] {
  return [...pattern.matchAll(BLANK)].map((found) => found[1]!);
}

function filled(names: string[], blanks: Sentences["blanks"], told: Told, readings: Readings): Record<string, string> | null {
  const params: Record<string, string> = {};
  for (const name of names) {
    const filling = fillingOf(blanks[name] ?? [], told, readings);
    if (!filling) return null;
    params[name] = filling;
  }
  return params;
}

function fillingOf(sources: readonly Source[], told: Told, readings: Readings): string {
  for (const [path, reading, text] of sources) {
    const there = at(told, path);
    if (there === null || there === undefined) continue;
    if (text !== undefined) return t(text);
    const filling = read(reading, there, readings);
    if (filling) return filling;
  }
  return "";
}

function read(reading: string | Named, there: unknown, readings: Readings): Filling {
  if (reading === "text") return String(there);
  return readings[typeof reading === "string" ? reading : "name"]?.(there as never, reading as never);
}

function holds([kind, path, other]: Condition, told: Told): boolean {
  const there = at(told, path) ?? null;
  if (kind === "is") return JSON.stringify(there) === JSON.stringify(other);
  const beside = at(told, other as string) ?? null;
  return kind === "same" ? there !== null && there === beside : there !== null && beside !== null && there !== beside;
}

/** What stands at a path such as `task.title`; the empty one is the event itself. */
export function at(told: Told, path: string): unknown {
  if (!path) return told;
  return path.split(".").reduce<unknown>((found, name) => (found as Told | null | undefined)?.[name], told);
}
