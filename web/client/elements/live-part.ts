import { Idiomorph } from "idiomorph";
import { feed } from "../data/feed";
import { goToSignIn } from "../data/page";
import type { Change } from "../data/stream";

const SETTLE = 250;

/**
 * `<live-part src="/home/now" streams="person business">`: a piece of page that the server draws, and
 * draws again when something happens in those streams. What is under it is morphed, not replaced, so
 * that focus, scroll and running clocks stay.
 */
export class LivePartElement extends HTMLElement {
  private endings: (() => void)[] = [];
  private due: ReturnType<typeof setTimeout> | undefined;
  private asking = false;
  private again = false;

  connectedCallback(): void {
    for (const name of (this.getAttribute("streams") ?? "").split(/\s+/).filter(Boolean)) this.follow(name);
    const seen = () => document.visibilityState === "visible" && this.again && this.refreshSoon();
    document.addEventListener("visibilitychange", seen);
    this.endings.push(() => document.removeEventListener("visibilitychange", seen));
  }

  disconnectedCallback(): void {
    clearTimeout(this.due);
    for (const ending of this.endings.splice(0)) ending();
  }

  refreshSoon(): void {
    clearTimeout(this.due);
    this.due = setTimeout(() => void this.refresh(), SETTLE);
  }

  private follow(name: string): void {
    const stream = name.startsWith("room:") ? feed.enter(name.slice(5)) : feed.stream(name as "person" | "business");
    // The first state is the one that the page was drawn with.
    let drawn = false;
    const hear = (change: Change) => {
      if (change.kind !== "reset" || drawn) this.refreshSoon();
      drawn = true;
    };
    this.endings.push(stream.subscribe(hear), () => feed.leave(stream));
  }

  private async refresh(): Promise<void> {
    this.again = this.asking || document.visibilityState === "hidden";
    if (this.again) return;
    this.asking = true;
    const answer = await fetch(this.getAttribute("src") ?? "").catch(() => null);
    if (answer?.status === 401 || (answer?.redirected && new URL(answer.url).pathname === "/sign-in")) goToSignIn();
    else if (answer?.ok) morph(this, await answer.text());
    this.asking = false;
    if (this.again) this.refreshSoon();
  }
}

function morph(part: HTMLElement, drawn: string): void {
  Idiomorph.morph(part, drawn, { morphStyle: "innerHTML", ignoreActiveValue: true, callbacks: { beforeNodeMorphed: ownInside } });
}

/** What is inside a live element is its own; only its attributes come from the server. */
function ownInside(was: Node, becomes: Node): boolean {
  if (!(was instanceof HTMLElement && becomes instanceof Element && was.localName.includes("-"))) return true;
  if (was.localName !== becomes.localName) return true;
  for (const { name, value } of [...becomes.attributes]) {
    if (was.getAttribute(name) !== value) was.setAttribute(name, value);
  }
  return false;
}

customElements.define("live-part", LivePartElement);
