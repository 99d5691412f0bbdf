/** How a person is drawn: the same as the templates' `avatar` draws them. */

export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const ends = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return ends.map((word) => [...(word ?? "")][0] ?? "").join("").toLocaleUpperCase();
}

/** One of eight grounds, by the person and not by the name, so that it stays. */
export function tone(id: string): string {
  return `tone-${((Number.parseInt(id.slice(-2), 16) || 0) % 8) + 1}`;
}

export function firstName(name: string): string {
  return name.trim().split(/\s+/)[0] ?? name;
}
