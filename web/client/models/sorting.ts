/** Names in the order of the reader's alphabet; the twin of `store/texts/sorting.py`, which says how. */
import { APOSTROPHE } from "./folding";
import { locale } from "./locale";

const collators = new Map<string, Intl.Collator>();

/** Compares two names for a list: negative when the first stands before the other. */
export function compareNames(one: string, other: string, language = locale.language): number {
  let collator = collators.get(language);
  if (!collator) collators.set(language, (collator = new Intl.Collator(language, { numeric: true })));
  return collator.compare(bare(one), bare(other)) || byCode(bare(one, "'"), bare(other, "'")) || byCode(one, other);
}

export function byName(one: { name: string }, other: { name: string }): number {
  return compareNames(one.name, other.name);
}

/** Apostrophes decide only between names that are else equal. */
function bare(name: string, apostrophe = ""): string {
  return name.replace(APOSTROPHE, apostrophe);
}

function byCode(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
