/**
 * The page's words. The English text is the key; the server puts the catalogue of the
 * person's language into the page, as text → translation, or → list of plural forms.
 */
import { locale } from "./locale";

export type Catalogue = Record<string, string | string[]>;
export type Params = Record<string, string | number>;

let catalogue: Catalogue = {};

export function learn(words: Catalogue): void {
  catalogue = words;
}

/** `t("{name} is typing", {name})` */
export function t(text: string, params: Params = {}): string {
  const found = catalogue[text];
  return fill((Array.isArray(found) ? found[0] : found) || text, params);
}

/** `tn("{count} task", "{count} tasks", count)`: the form that the language asks for this count. */
export function tn(one: string, many: string, count: number, params: Params = {}): string {
  const text = formOf(one, many, count) || (count === 1 ? one : many);
  return fill(text, { count: new Intl.NumberFormat(locale.language, { maximumFractionDigits: 2 }).format(count), ...params });
}

/** A sentence that ends with a filling has one full stop, even where the filling brings its own: "until 3 dec." */
export function fill(text: string, params: Params): string {
  return text.replace(/\{(\w+)\}(\.(?!\S))?/g, (whole, name: string, stop = "") => {
    const filling = params[name];
    if (filling === undefined) return whole;
    return String(filling).endsWith(".") ? String(filling) : `${filling}${stop}`;
  });
}

/** As on the server: what only fractions take, as in Ukrainian, is the translation of `many` as a text of its own. */
function formOf(one: string, many: string, count: number): string | undefined {
  const found = catalogue[one];
  const forms = Array.isArray(found) ? found : [];
  const rules = new Intl.PluralRules(locale.language, { maximumFractionDigits: 2 });
  const index = ofWholeNumbers(rules).indexOf(rules.select(Math.abs(count)));
  const ofFractions = catalogue[many];
  if (index < 0 && typeof ofFractions === "string") return ofFractions;
  return forms[index < 0 ? forms.length - 1 : Math.min(index, forms.length - 1)];
}

/** gettext numbers plural forms in CLDR's order, leaving out those that only fractions take. */
const CATEGORIES: Intl.LDMLPluralRule[] = ["zero", "one", "two", "few", "many", "other"];
const WHOLE = [...Array(201).keys(), 1_000_000];
const known = new Map<string, Intl.LDMLPluralRule[]>();

function ofWholeNumbers(rules: Intl.PluralRules): Intl.LDMLPluralRule[] {
  const { locale: language } = rules.resolvedOptions();
  let used = known.get(language);
  if (!used) {
    const taken = new Set(WHOLE.map((number) => rules.select(number)));
    known.set(language, (used = CATEGORIES.filter((category) => taken.has(category))));
  }
  return used;
}
