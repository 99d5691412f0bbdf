/** What the server wrote into the page about who is looking at it. */
import { clock } from "../models/clock";
import { locale } from "../models/locale";
import { learn } from "../models/words";
import type { Catalogue } from "../models/words";

const { dataset } = document.body;

export const page = {
  personId: dataset["personId"] ?? "",
  kind: dataset["kind"] ?? "",
  icons: dataset["icons"] ?? "",
  worker: dataset["worker"] ?? "",
};

/** With what a page asks: who signed in beside it since is refused, and does nothing in its person's stead. */
export const drawnFor: Readonly<Record<string, string>> = page.personId ? { "Atrium-Person": page.personId } : {};

locale.language = dataset["language"] || document.documentElement.lang || "en";
locale.timeZone = dataset["timeZone"] || undefined;
learn(embedded<Catalogue>("catalogue") ?? {});
// The page was drawn before this script ran: the server's clock is at least this far.
if (dataset["now"]) clock.heard(dataset["now"]);

/** The JSON in `<script type="application/json" id="…">`, if the page has it. */
export function embedded<T>(id: string): T | null {
  const text = document.getElementById(id)?.textContent?.trim();
  return text ? (JSON.parse(text) as T) : null;
}

const ANSWERED_MS = 10_000;
let sentAt = -Infinity;
let leaving = false;

// A form may be what ends the session, such as the one that stops acting: then its answer leads on, not we.
window.addEventListener("submit", (event) => {
  if (!event.defaultPrevented) sentAt = performance.now();
});

/** The session is over: sign in, then come back here. */
export function goToSignIn(): void {
  if (leaving || location.pathname === "/sign-in") return;
  leaving = true;
  const address = `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
  setTimeout(() => location.assign(address), Math.max(0, sentAt + ANSWERED_MS - performance.now()));
}
