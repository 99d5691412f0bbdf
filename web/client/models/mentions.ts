/** Mentions: names behind an @ while one writes, identifiers in what is sent, names again where it is read. */
import type { Department } from "../contract";
import { folded, foldedPlaces } from "./folding";
import { t } from "./words";

/** Somebody who can be mentioned: a person of the room, or a department. */
export interface Addressee {
  id: string;
  name: string;
  kind: "person" | "department";
}

export interface Beginning {
  /** Where the @ stands. */
  from: number;
  words: string;
}

const WRITTEN = /@\[([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\]/g;
const SPOT = /<span data-mention="([0-9a-f-]{36})">@<\/span>/g;
const CODE = /(```[\s\S]*?```|`[^`\n]*`)/;
const LETTER = "\\p{L}\\p{N}_";
const SHOWN = 8;

/** The mention that is being written where the caret stands. */
export function beginning(text: string, caret: number): Beginning | null {
  const found = /(?:^|[^\p{L}\p{N}_@])@([^@\n]{0,60})$/u.exec(text.slice(0, caret));
  if (!found || /^\s|\s\s/.test(found[1]!)) return null;
  return { from: caret - found[1]!.length - 1, words: found[1]! };
}

/** Those whose name, or a word of it, begins so. */
export function matching(words: string, addressees: readonly Addressee[]): Addressee[] {
  const typed = folded(words);
  const fits = ({ name }: Addressee) => {
    const own = folded(name);
    return own.startsWith(typed) || own.split(" ").some((word) => word.startsWith(typed));
  };
  return addressees.filter(fits).slice(0, SHOWN);
}

/**
 * What was written, with identifiers for names, in any case and on any keyboard. Where several are found by what was
 * typed, that counts which is written alike; else the first given.
 */
export function coded(text: string, addressees: readonly Addressee[]): string {
  const known = new Map<string, Addressee[]>();
  for (const one of addressees) {
    const own = folded(one.name);
    known.set(own, [...(known.get(own) ?? []), one]);
  }
  // What stands in code is nobody's name.
  return text
    .split(CODE)
    .map((part, place) => (place % 2 ? part : codedPart(part, known)))
    .join("");
}

function codedPart(text: string, known: ReadonlyMap<string, readonly Addressee[]>): string {
  if (!text.includes("@")) return text;
  const { plain, places } = foldedPlaces(text);
  const there = [...known.keys()].filter((name) => name && plain.includes(`@${name}`)).sort((a, b) => b.length - a.length);
  if (!there.length) return text;
  const names = new RegExp(`(^|[^${LETTER}@])@(${there.map(escapedSigns).join("|")})(?![${LETTER}])`, "gu");
  let made = "";
  let done = 0;
  for (const found of plain.matchAll(names)) {
    const [before, name] = [found[1]!, found[2]!];
    const [begin, end] = [places[found.index + before.length]!, places[found.index + found[0].length]!];
    made += `${text.slice(done, begin)}@[${meant(known.get(name)!, text.slice(begin + 1, end)).id}]`;
    done = end;
  }
  return made + text.slice(done);
}

function meant(found: readonly Addressee[], typed: string): Addressee {
  const alike = (form: (name: string) => string) => found.find(({ name }) => form(name) === form(typed));
  return alike((name) => name.normalize()) ?? alike((name) => name.normalize().toLowerCase()) ?? found[0]!;
}

function escapedSigns(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** A message's words with names, as to be edited or shown in a line. */
export function spoken(text: string, nameOf: (id: string) => string | undefined): string {
  return text.replace(WRITTEN, (_, id: string) => `@${nameOf(id) ?? t("the team")}`);
}

/** A message's HTML with names; those that concern the reader stand out. */
export function drawn(html: string, nameOf: (id: string) => string | undefined, mine: ReadonlySet<string>): string {
  return html.replace(SPOT, (_, id: string) => {
    const own = mine.has(id) ? " mention-own" : "";
    return `<span class="mention${own}" data-mention="${id}">@${escaped(nameOf(id) ?? t("the team"))}</span>`;
  });
}

/** Whom a message's HTML addresses: an identifier that stands in code addresses nobody. */
export function mentioned(html: string): string[] {
  return [...html.matchAll(SPOT)].map((found) => found[1]!);
}

/** What was typed as it is sent: as it is, but for empty lines before it and blanks behind. */
export function typed(text: string): string {
  return text.replace(/^(?:[^\S\n]*\n)+/, "").trimEnd();
}

/** The departments by which someone is addressed: those that they are in, and all above. */
export function reaching(departments: readonly Department[], personId: string): Set<string> {
  const byId = new Map(departments.map((one) => [one.id, one]));
  const found = new Set<string>();
  for (const one of departments) {
    const inside = one.head_id === personId || one.deputy_ids.includes(personId) || one.members.some((seat) => seat.person_id === personId);
    for (let up = inside ? one : undefined; up && !found.has(up.id); up = up.parent_id ? byId.get(up.parent_id) : undefined) found.add(up.id);
  }
  return found;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
