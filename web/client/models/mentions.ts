/** Mentions: names behind an @ while one writes, identifiers in what is sent, names again where it is read. */
import type { Department } from "../contract";
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
const LETTER = /[\p{L}\p{N}_]/u;
const SHOWN = 8;

/** The mention that is being written where the caret stands. */
export function beginning(text: string, caret: number): Beginning | null {
  const found = /(?:^|[^\p{L}\p{N}_@])@([^@\n]{0,60})$/u.exec(text.slice(0, caret));
  if (!found || /^\s|\s\s/.test(found[1]!)) return null;
  return { from: caret - found[1]!.length - 1, words: found[1]! };
}

/** Those whose name, or a word of it, begins so. */
export function matching(words: string, addressees: readonly Addressee[]): Addressee[] {
  const typed = words.toLocaleLowerCase();
  const fits = ({ name }: Addressee) => {
    const own = name.toLocaleLowerCase();
    return own.startsWith(typed) || own.split(/\s+/).some((word) => word.startsWith(typed));
  };
  return addressees.filter(fits).slice(0, SHOWN);
}

/** What was written, with identifiers for names; where two have one name, the first given counts. */
export function coded(text: string, addressees: readonly Addressee[]): string {
  const folded = text.toLocaleLowerCase();
  const known = new Map<string, string>();
  for (const { id, name } of addressees) {
    const own = name.toLocaleLowerCase();
    if (folded.includes(`@${own}`) && !known.has(own)) known.set(own, id);
  }
  if (!known.size) return text;
  const names = [...known.keys()].sort((a, b) => b.length - a.length);
  // What stands in code is nobody's name.
  return text
    .split(CODE)
    .map((part, place) => (place % 2 ? part : codedPart(part, names, known)))
    .join("");
}

function codedPart(text: string, names: readonly string[], known: ReadonlyMap<string, string>): string {
  const folded = text.toLocaleLowerCase();
  let made = "";
  let place = 0;
  while (place < text.length) {
    const name = text[place] === "@" && !/[\p{L}\p{N}_@]/u.test(text[place - 1] ?? " ") && names.find((one) => stands(folded, place + 1, one));
    made += name ? `@[${known.get(name)}]` : text[place];
    place += name ? name.length + 1 : 1;
  }
  return made;
}

function stands(text: string, place: number, name: string): boolean {
  return text.startsWith(name, place) && !LETTER.test(text[place + name.length] ?? " ");
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
