/**
 * Mentions: names behind an @ while one writes, names again where it is read.
 *
 * What was typed is sent as it was: the server finds the names in it, for it knows what is code. An identifier goes only
 * for a name that was picked, where the name alone wouldn't say who is meant.
 */
import type { Department } from "../contract";
import { folded } from "./folding";
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

/** A name that was picked, and where its @ stands. */
export interface Picked {
  id: string;
  name: string;
  from: number;
  /** It stood as an identifier in what is edited, and goes back as one. */
  kept?: true;
}

const WRITTEN = /@\[([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\]/g;
const SPOT = /<span data-mention="([0-9a-f-]{36})">@<\/span>/g;
const BEGINS_WITH_LETTER = /^[\p{L}\p{N}_]/u;
const ENDS_WITH_LETTER = /[\p{L}\p{N}_@]$/u;
const SHOWN = 8;
/** No name is longer. */
const LONGEST = 500;

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

/** What is sent: what was typed, with identifiers for picked names where a name alone says too little. */
export function coded(text: string, picked: readonly Picked[], addressees: readonly Addressee[]): string {
  let made = "";
  let done = 0;
  for (const one of [...picked].sort((a, b) => a.from - b.from)) {
    if (one.from < done || !text.startsWith(`@${one.name}`, one.from)) continue;
    if (!one.kept && saysWho(text, one, addressees)) continue;
    made += `${text.slice(done, one.from)}@[${one.id}]`;
    done = end(one);
  }
  return made + text.slice(done);
}

/** Whether the server finds whom a picked name means by the longest name that stands there. */
function saysWho(text: string, one: Picked, addressees: readonly Addressee[]): boolean {
  const there = folded(text.slice(one.from + 1, one.from + LONGEST));
  const own = folded(one.name).length;
  const found = addressees.filter(({ name }) => folded(name).length >= own && there.startsWith(folded(name)));
  return found.length === 1 && found[0]!.id === one.id;
}

/** Where picked names stand after an edit that left the caret so; those that it changed are words like others. */
export function followed(picked: readonly Picked[], before: string, after: string, caret: number): Picked[] {
  if (before === after) return [...picked];
  const most = Math.min(before.length, after.length);
  let behind = 0;
  while (behind < Math.min(most, after.length - caret) && before.at(-1 - behind) === after.at(-1 - behind)) behind++;
  let start = 0;
  while (start < most - behind && before[start] === after[start]) start++;
  const by = after.length - before.length;
  const rest = before.length - behind;
  return picked.flatMap((one) => {
    if (end(one) < start) return [one];
    const moved = one.from >= rest ? { ...one, from: one.from + by } : one;
    if (one.from > rest) return [moved];
    return (end(one) === start || one.from === rest) && standsAlone(after, moved) ? [moved] : [];
  });
}

function standsAlone(text: string, one: Picked): boolean {
  return !ENDS_WITH_LETTER.test(text.slice(0, one.from).slice(-2)) && !BEGINS_WITH_LETTER.test(text.slice(end(one)).slice(0, 2));
}

function end(one: Picked): number {
  return one.from + 1 + one.name.length;
}

/** A message's words as to be edited: with names, and where each stands. */
export function spelled(text: string, nameOf: (id: string) => string | undefined): { text: string; picked: Picked[] } {
  const picked: Picked[] = [];
  let made = "";
  let done = 0;
  const lines = text.replace(/\r\n?/g, "\n"); // as a field has them
  for (const found of lines.matchAll(WRITTEN)) {
    const id = found[1]!;
    const name = nameOf(id) ?? t("the team");
    made += lines.slice(done, found.index);
    picked.push({ id, name, from: made.length, kept: true });
    made += `@${name}`;
    done = found.index + found[0].length;
  }
  return { text: made + lines.slice(done), picked };
}

/** A message's words with names, as to be shown in a line. */
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
