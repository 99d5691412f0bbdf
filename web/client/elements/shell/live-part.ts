import { Idiomorph } from "idiomorph";
import type { Position } from "../../contract";
import { feed } from "../../data/feed";
import type { Drawn } from "../../data/feed";
import { goToSignIn } from "../../data/page";
import type { Change } from "../../data/stream";

/** What happens together is drawn together; windows that hear the same don't all ask in the same moment. */
const settle = (): number => 100 + Math.random() * 200;
/** However much happens, so often is often enough. */
const PACE = 1_500;

/**
 * `<live-part src="/parts/home" lens="client" streams="person room:…@epoch:offset@epoch:offset">`: a piece of page that the
 * server draws, and draws again when something happens in those streams. A room's place in its log, and that in its
 * process's after it, is that of the drawing: it is continued from there, without a snapshot. What is under the part is morphed, not replaced,
 * so that focus, scroll and running clocks stay.
 */
export class LivePartElement extends HTMLElement {
  private endings: (() => void)[] = [];
  private followed: (() => void)[] = [];
  private due: ReturnType<typeof setTimeout> | undefined;
  private askedAt = -PACE;
  private asking = false;
  private again = false;

  connectedCallback(): void {
    this.follow(this.getAttribute("streams") ?? "");
    const seen = () => document.visibilityState === "visible" && this.again && this.refreshSoon();
    document.addEventListener("visibilitychange", seen);
    this.endings.push(() => document.removeEventListener("visibilitychange", seen));
    this.lookEvery(Number(this.getAttribute("every")));
  }

  disconnectedCallback(): void {
    clearTimeout(this.due);
    this.due = undefined;
    for (const ending of [...this.endings.splice(0), ...this.followed.splice(0)]) ending();
  }

  /** What no stream tells of is looked at again every so many seconds, while somebody sees it. */
  private lookEvery(seconds: number): void {
    if (!seconds) return;
    const looking = setInterval(() => document.visibilityState === "visible" && this.refreshSoon(), seconds * 1_000);
    this.endings.push(() => clearInterval(looking));
  }

  refreshSoon(): void {
    this.due ??= setTimeout(() => void this.refresh(), Math.max(settle(), this.askedAt + PACE - performance.now()));
  }

  /** Follows these streams, and no others any more. */
  private follow(streams: string): void {
    const before = this.followed;
    this.followed = words(streams).map((name) => this.followOne(name));
    for (const ending of before) ending();
  }

  private followOne(name: string): () => void {
    const [key = "", place, beside] = name.split("@");
    const at = this.drawnAt(place, beside);
    const isRoom = key.startsWith("room:");
    const stream = isRoom ? feed.enter(key.slice(5), at) : feed.stream(key as "person" | "business" | "installation");
    // The first state is the one that the page was drawn with, unless something happened before we came.
    let drawn = isRoom && at !== null;
    const missed = () => !isRoom && at !== null && later(stream.cursor.at, at.at);
    const hear = (change: Change) => {
      if (change.kind !== "reset" || drawn || missed()) this.refreshSoon();
      drawn = true;
    };
    if (missed()) this.refreshSoon();
    const ending = stream.subscribe(hear);
    return () => {
      ending();
      feed.leave(stream);
    };
  }

  private drawnAt(place: string | undefined, beside: string | undefined): Drawn | null {
    if (!place) return null;
    const snapshot = { me: { lens: this.getAttribute("lens") } };
    return { at: placeIn(place), ...(beside && { process_at: placeIn(beside) }), snapshot };
  }

  private async take(answer: Response): Promise<void> {
    morph(this, await answer.text());
    const streams = answer.headers.get("X-Streams");
    if (streams === null || keys(streams) === keys(this.getAttribute("streams") ?? "")) return;
    this.setAttribute("streams", streams);
    this.follow(streams);
  }

  private async refresh(): Promise<void> {
    this.due = undefined;
    this.again = this.asking || document.visibilityState === "hidden";
    if (this.again) return;
    this.asking = true;
    this.askedAt = performance.now();
    const answer = await fetch(this.getAttribute("src") ?? "").catch(() => null);
    if (answer?.status === 401 || (answer?.redirected && new URL(answer.url).pathname === "/sign-in")) goToSignIn();
    else if (answer?.ok) await this.take(answer);
    this.asking = false;
    if (this.again) this.refreshSoon();
  }
}

function placeIn(text: string): Position {
  const end = text.lastIndexOf(":");
  return { epoch: text.slice(0, end), offset: Number(text.slice(end + 1)) };
}

function later(one: Position | null, other: Position): boolean {
  return one !== null && (one.epoch !== other.epoch || one.offset > other.offset);
}

function words(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}

/** Which streams these are, wherever in them. */
function keys(streams: string): string {
  return words(streams).map((name) => name.split("@")[0]).join(" ");
}

function morph(part: HTMLElement, drawn: string): void {
  Idiomorph.morph(part, drawn, { morphStyle: "innerHTML", ignoreActiveValue: true, callbacks: { beforeNodeMorphed: mayChange, beforeAttributeUpdated } });
}

function mayChange(was: Node, becomes: Node): boolean {
  return !(was instanceof HTMLFormElement && (touched(was) || refused(was))) && ownInside(was, becomes);
}

/** Whether somebody is filling a form in: nothing of it is lost then. */
function touched(form: HTMLFormElement): boolean {
  return [...form.elements].some((field) => {
    if (field instanceof HTMLSelectElement) return field.selectedIndex !== chosenAtFirst(field);
    if (field instanceof HTMLTextAreaElement) return field.value !== field.defaultValue;
    if (!(field instanceof HTMLInputElement)) return false;
    return field.value !== field.defaultValue || field.checked !== field.defaultChecked;
  });
}

/** Whether it came back with what is wrong in it: that stands until it is sent anew. */
function refused(form: HTMLFormElement): boolean {
  return form.querySelector('.is-invalid, [aria-invalid="true"]') !== null;
}

function chosenAtFirst(field: HTMLSelectElement): number {
  const options = [...field.options];
  return options.length ? Math.max(0, options.findIndex((option) => option.defaultSelected)) : -1;
}

/** What somebody has opened stays open. */
function beforeAttributeUpdated(name: string, element: Element): boolean {
  return !(name === "open" && element instanceof HTMLDetailsElement);
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
