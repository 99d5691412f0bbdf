/** The beginning of what somebody wrote, for a line in a list; the server makes the same of it (`web/words/excerpts.py`). */

const SHORT = 110;
const LOOKED_AT = 2_000;
const SIGNS = /\[([^[\]]*)\]\([^()]*\)|[*`~]+|(?<![^\n])[^\S\n]*(?:[>#-]+|\d+\.)[^\S\n]/g;
/** What shows nothing: blanks, signs without a form, and letters that are drawn as nothing. */
const UNSEEN =
  /^[\s\p{Cf}\p{Cc}\p{Zs}\p{Zl}\p{Zp}\p{Mn}\u115f\u1160\u2065\u2800\u3164\uffa0\ufff0-\ufff8\u{1d159}\u{13441}\u{13442}\u{e0000}-\u{e0fff}]*$/u;

/** Markdown without its signs; with them, where it has no more than those. */
export function plain(markdown: string): string {
  const text = [...markdown.slice(0, 2 * LOOKED_AT)].slice(0, LOOKED_AT).join("");
  const bare = text.replace(SIGNS, (_, words: string | undefined) => words ?? "");
  const words = [...(UNSEEN.test(bare) ? text : bare).split(/\s+/).filter(Boolean).join(" ")];
  return words.length <= SHORT ? words.join("") : `${words.slice(0, SHORT - 1).join("").trimEnd()}…`;
}
