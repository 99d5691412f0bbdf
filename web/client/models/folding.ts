/**
 * The form in which texts are found: without case, marks or what isn't seen, with one kind of each sign.
 *
 * The twin of `store/texts/folding.py`, which says why; `tests/shared/folding.json` holds the two equal.
 */

const UNSEEN = /[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]/g;
const MARKS =
  "\\u0300-\\u036f\\u0591-\\u05bd\\u05bf\\u05c1\\u05c2\\u05c4\\u05c5\\u05c7\\u064b-\\u065f\\u0670" +
  "\\u1ab0-\\u1aff\\u1dc0-\\u1dff\\u20d0-\\u20ff\\ufe20-\\ufe2f";
/** A letter with a mark that is one of its own, taken apart (й ї ў ѓ ќ), or another's mark. */
const KEPT_OR_MARK = new RegExp(`(и\\u0306|і\\u0308|у\\u0306|г\\u0301|к\\u0301)|[${MARKS}]`, "g");
const APOSTROPHES = "’‘‛ʼʻʹˈ′`´ꞌ";
/** Whatever stands for an apostrophe, and itself. */
export const APOSTROPHE = new RegExp(`['${APOSTROPHES}]`, "g");
const SIGNS: Record<string, string> = { ...each(APOSTROPHES, "'"), ...each("„“”‟«»″", '"'), ...each("‐‑‒–—―−", "-") };
const LETTERS: Record<string, string> = {
  ...{ ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", þ: "th", ł: "l", ħ: "h", ŧ: "t", ŋ: "n" },
  ...{ ı: "i", ς: "σ", ґ: "г" },
};
const SIGN = new RegExp(`[${Object.keys(SIGNS).join("")}]`, "g");
const SIGN_OR_LETTER = new RegExp(`[${Object.keys({ ...SIGNS, ...LETTERS }).join("")}]`, "g");
const BLANKS = /[\s\x1c-\x1f\x85]+/g;

export function folded(text: string): string {
  const seen = text.replace(UNSEEN, "").replace(SIGN, signed).normalize("NFKC");
  const apart = seen.toLowerCase().replace(SIGN_OR_LETTER, signed).normalize("NFD");
  return apart.replace(KEPT_OR_MARK, "$1").normalize("NFC").replace(BLANKS, " ").trim();
}

/** Whether a text has words in it, both folded. */
export function holds(text: string, words: string): boolean {
  return folded(text).includes(folded(words));
}

function each(signs: string, becomes: string): Record<string, string> {
  return Object.fromEntries([...signs].map((sign) => [sign, becomes]));
}

function signed(sign: string): string {
  return SIGNS[sign] ?? LETTERS[sign] ?? sign;
}
