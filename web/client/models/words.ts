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
  const found = catalogue[one];
  const forms = Array.isArray(found) ? found : [];
  const text = forms[pluralIndex(count, forms.length)] || (count === 1 ? one : many);
  return fill(text, { count: new Intl.NumberFormat(locale.language).format(count), ...params });
}

function fill(text: string, params: Params): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

/** gettext numbers plural forms in CLDR's order, leaving out those that only fractions take. */
const CATEGORIES: Intl.LDMLPluralRule[] = ["zero", "one", "two", "few", "many", "other"];

function pluralIndex(count: number, forms: number): number {
  const rules = new Intl.PluralRules(locale.language);
  const used = new Set(rules.resolvedOptions().pluralCategories);
  const index = CATEGORIES.filter((category) => used.has(category)).indexOf(rules.select(count));
  return Math.min(index, forms - 1);
}
