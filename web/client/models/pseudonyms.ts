/** The pseudonym of somebody who was erased is kept as a word and a number; it is read in the reader's language. */
import { t } from "./words";

const KEPT = /^Former (client|colleague) ([0-9A-F]{4})$/;

export function inWords(name: string): string {
  const [, kind, number] = KEPT.exec(name) ?? [];
  if (!number) return name;
  return kind === "client" ? t("Former client {number}", { number }) : t("Former colleague {number}", { number });
}
