/** Keys of the page: whatever carries `data-key` is clicked, or focused if it is a field, by its key. */
import { Keys, named, shown } from "../models/keys";

const keys = new Keys();
const SWITCH = "atrium.keys";

/** Keys of one letter can be in the way of who speaks to the machine or slips; they can be turned off. */
export const shortcuts = {
  get on(): boolean {
    return localStorage.getItem(SWITCH) !== "off";
  },
  set on(on: boolean) {
    localStorage.setItem(SWITCH, on ? "on" : "off");
  },
};

export const mac = /Mac|iPhone|iPad/.test(navigator.platform);

export const cap = (key: string): string => shown(key, mac);

/** What can be pressed now: on the page, or in the dialog that covers it. */
export function keyed(): HTMLElement[] {
  const within = document.querySelector("dialog:modal") ?? document;
  return [...within.querySelectorAll<HTMLElement>("[data-key]")].filter((element) => element.checkVisibility());
}

document.addEventListener("keydown", (press) => {
  const name = named(press);
  if (name === null || press.defaultPrevented || press.isComposing) return;
  const bare = !/^(mod|alt)\+/.test(name);
  if (bare && (!shortcuts.on || writing(press.target))) return;
  const elements = new Map(keyed().map((element) => [element.dataset["key"] ?? "", element]));
  const hit = elements.get(keys.press(name, new Set(elements.keys()), press.timeStamp) ?? " ");
  if (!hit) return;
  press.preventDefault();
  if (hit.matches("input:not([type=checkbox],[type=radio]), textarea, select")) hit.focus();
  else hit.click();
});

function writing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}
