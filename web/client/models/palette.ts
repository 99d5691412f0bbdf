/** What the palette offers for what was typed: places and acts by their letters, then what was found. */
import { folded } from "./folding";

export interface Offer {
  group: string;
  title: string;
  detail: string;
  key: string;
  icon: string;
  /** It is there, but can't be opened. */
  closed?: boolean;
  take: () => void;
}

/** How well the words fit a title: null not at all, smaller is better. */
export function fit(title: string, typed: string): number | null {
  const [text, words] = [folded(title), folded(typed)];
  if (words === "") return 0;
  if (text.startsWith(words)) return 1;
  if (text.includes(` ${words}`)) return 2;
  if (text.includes(words)) return 3;
  return words.split(/\s+/).every((word) => text.includes(word)) ? 4 : null;
}

export function fitting(offers: Offer[], typed: string): Offer[] {
  return offers
    .map((offer) => ({ offer, fit: fit(offer.title, typed) }))
    .filter((each): each is { offer: Offer; fit: number } => each.fit !== null)
    .sort((one, other) => one.fit - other.fit)
    .map(({ offer }) => offer);
}
