/** Which key means what: `data-key="g r"` is G and then R, `data-key="mod+k"` Ctrl-K or Cmd-K. */

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** How long the first key of a pair waits for the second. */
export const PAIR_WITHIN = 1_200;

/** A press in the words of `data-key`; null for one that is only on its way (Shift, Ctrl, …). */
export function named(press: KeyPress): string | null {
  if (["Shift", "Control", "Alt", "Meta"].includes(press.key)) return null;
  const mod = press.ctrlKey || press.metaKey ? "mod+" : "";
  const alt = press.altKey ? "alt+" : "";
  return `${mod}${alt}${press.key.toLowerCase()}`;
}

/** Follows presses and says which of the known keys is complete. */
export class Keys {
  private first = "";
  private at = 0;

  press(name: string, known: ReadonlySet<string>, now: number): string | null {
    const pair = this.first && now - this.at < PAIR_WITHIN ? `${this.first} ${name}` : "";
    this.first = "";
    if (pair && known.has(pair)) return pair;
    if (known.has(name)) return name;
    if ([...known].some((each) => each.startsWith(`${name} `))) [this.first, this.at] = [name, now];
    return null;
  }
}

/** As it is printed on a key cap: "G R", "Ctrl K", "⌘ K". */
export function shown(key: string, mac: boolean): string {
  return key
    .split(/[ +]/)
    .map((part) => CAPS[part] ?? (part === "mod" ? (mac ? "⌘" : "Ctrl") : part.toUpperCase()))
    .join(" ");
}

const CAPS: Record<string, string> = { enter: "↵", escape: "Esc", alt: "Alt", arrowup: "↑", arrowdown: "↓" };
