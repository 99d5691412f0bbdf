/** The wall: what is said in the room, with the quiet facts of the work between the words. */
import { html, nothing, type PropertyValues } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Message, WireEvent } from "../../../contract";
import { run } from "../../../data/commands";
import { feed, type PersonStream } from "../../../data/feed";
import { Outgoing } from "../../../data/outgoing";
import { Reactions } from "../../../data/reactions";
import { messagesBefore } from "../../../data/rooms";
import { uploads } from "../../../data/uploads";
import { FACT_PARTS } from "../../../models/facts";
import { isGone } from "../../../models/fold";
import { notYetShown, Outbox, type Draft } from "../../../models/outbox";
import type { Reacting } from "../../../models/reactions";
import { dayHeading, time } from "../../../models/time";
import { Typing } from "../../../models/typing";
import { Unread } from "../../../models/unread";
import { joined, wallLines, type WallLine } from "../../../models/wall";
import { t, tn } from "../../../models/words";
import type { Part } from "../../../parts";
import "./room-composer";
import type { RoomComposerElement, Written } from "./room-composer";
import { DropZone } from "../files/file-drop";
import { icon } from "../../icon";
import { reasonOf, RoomElement } from "../room-element";
import "../room-facts";
import "./room-message";
import type { RoomMessageElement } from "./room-message";
import "./room-pins";
import { empty, pointAt } from "../room-parts";
import "./room-unsent";
import type { RoomTab } from "../tab-element";

/** The reader is at the end when no more than this is below. */
const NEAR_END = 48;
const NEAR_TOP = 80;

/** What older facts are read off, and the files that hang on older messages. */
const BACK_THEN = [...new Set<Part>([...FACT_PARTS, "files"])];

@customElement("room-wall")
export class RoomWallElement extends RoomElement {
  static readonly tab: RoomTab<RoomWallElement> = {
    name: () => t("Wall"),
    thing: "message",
    key: "c",
    press: (wall) => wall.takeFocus(),
  };

  @state() private older: Message[] = [];
  @state() private allLoaded = false;
  @state() private loading = false;
  @state() private typing: string[] = [];
  @state() private below = 0;
  @query(".wall-scroll") private scroller!: HTMLElement;
  @query("room-composer") private composer?: RoomComposerElement;

  private outbox!: Outbox;
  private outgoing!: Outgoing;
  private reactions!: Reactions;
  private unread!: Unread;
  private readonly typists = new Typing();
  private draft!: Draft;
  /** Where what was fetched begins. */
  private first: Message | undefined;
  /** What went while the page is open: a page that was read before has it still. */
  private readonly gone = new Set<string>();
  private atEnd = true;
  private height = 0;
  private lastSignal = 0;
  private drop!: DropZone;
  private own!: PersonStream;
  private seenMention = "";
  private pointed = false;

  /** The page hands on what is told and not kept. */
  heard(event: WireEvent): void {
    for (const thing of [event["message"], event["reaction"]]) if (isGone(thing)) this.gone.add(thing.id);
    if (isGone(event["message"])) this.older = this.older.filter(({ id }) => !this.gone.has(id));
    if (event.name === "message.posted" && event.actor_id) this.typists.stopped(event.actor_id);
    // Who acts as somebody is nobody of the room: that they type is not said.
    const typing = event.name === "signal.sent" && event["kind"] === "typing" && !event.on_behalf_of;
    if (typing && event.actor_id !== this.room.myId) {
      this.typists.heard(event.actor_id ?? "", Date.now());
    }
    this.showTypists();
  }

  /** The whole state came anew; what was fetched before it may no longer join on to it. */
  reset(): void {
    this.older = [];
    this.first = undefined;
    this.allLoaded = false;
  }

  /** Brings a message before the eyes, fetching older ones until it is there. */
  async point(messageId: string): Promise<void> {
    const there = () => this.messages.some((message) => message.id === messageId);
    while (!there() && (await this.loadOlder()));
    await this.updateComplete;
    // Messages draw themselves a moment after the wall.
    requestAnimationFrame(() => this.reach(`message-${messageId}`));
    // Who followed a mention here looks at it, wherever on the wall it stands.
    this.pointed = true;
    this.look();
  }

  /** Parts of the room have come: what is read stays where it is, though more may stand above it now. */
  async settle(): Promise<void> {
    if (this.atEnd || !this.scroller) return;
    const left = this.scroller.scrollHeight - this.scroller.scrollTop;
    await this.updateComplete;
    if (!this.loading) this.scroller.scrollTop = this.scroller.scrollHeight - left;
  }

  takeFocus(): void {
    this.composer?.take();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const tick = setInterval(() => this.showTypists(), 1000);
    this.until(() => clearInterval(tick));
    this.listen(document, "visibilitychange", () => this.look());
    this.listen(uploads, "change", () => this.requestUpdate());
    this.listen(this, "wall-send", (event: CustomEvent<Written>) => this.send(event.detail));
    this.listen(this, "wall-draft", (event: CustomEvent<Draft>) => (this.outbox.draft = event.detail));
    this.listen(this, "wall-typing", () => this.signalTyping());
    this.listen(this, "wall-edit-last", () => this.editLast());
    this.listen(this, "wall-point", (event: CustomEvent<string>) => void this.point(event.detail));
    this.listen(this, "wall-pushed", (event: CustomEvent<number>) => this.pushed(event.detail));
    this.listen(this, "wall-write", () => this.takeFocus());
    this.until(() => this.unread && this.reactions.end());
    this.listen(this, "wall-react", (event: CustomEvent<Omit<Reacting, "key">>) => this.reactions.give(event.detail));
    this.listen(this, "unsent-again", (event: CustomEvent<string>) => this.outgoing.again(event.detail));
    this.listen(this, "unsent-drop", (event: CustomEvent<string>) => this.outgoing.drop(event.detail));
    this.listen(this, "unsent-rewrite", (event: CustomEvent<string>) => this.rewrite(event.detail));
    const own = (this.own = feed.stream("person"));
    this.until(() => feed.leave(own));
    this.until(own.subscribe(() => this.look()));
    this.drop = new DropZone(this, (files) => this.composer?.add(files));
    this.until(() => this.drop.end());
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (!this.unread) this.begin();
    this.first ??= this.room.things.messages[0];
    const before = changed.get("room") as RoomElement["room"] | undefined;
    if (before && before.things.messages !== this.room.things.messages) this.arrived();
  }

  protected override firstUpdated(): void {
    this.toEnd();
    // What makes the column taller or lower (a picture that came, the keyboard) must not lose the end.
    const sizes = new ResizeObserver(() => this.resized());
    sizes.observe(this.scroller);
    sizes.observe(this.scroller.firstElementChild!);
    this.until(() => sizes.disconnect());
  }

  protected override updated(): void {
    if (this.atEnd) this.toEnd();
    this.look();
  }

  protected override render() {
    const { messages } = this;
    const lines = wallLines(this.room, messages, this.unread, this.complete);
    const pending = notYetShown(this.outgoing.unsent, messages, this.room.myId, this.room.addressed);
    return html`
      <room-pins .room=${this.room}></room-pins>
      <div class="wall-scroll" tabindex="0" role="region" aria-label=${t("Messages")} @scroll=${this.scrolled}>
        <div class="wall-lines" role="log" aria-live="polite" aria-relevant="additions">
          ${this.complete ? nothing : this.olderButton()}
          ${lines.length || pending.length ? nothing : this.nothingYet()}
          ${repeat(lines, (line) => line.key, (line) => this.line(line))}
          ${repeat(
            pending,
            (one) => one.key,
            (one) => html`<room-unsent
              .room=${this.room}
              .message=${one}
              .uploads=${[...(this.outgoing.files.get(one.key) ?? [])]}
            ></room-unsent>`,
          )}
        </div>
      </div>
      <div class="wall-end">
        ${this.below
          ? html`<button type="button" class="btn btn-sm wall-below" @click=${this.jump}>
              ${icon("arrow-down")} ${tn("{count} new message", "{count} new messages", this.below)}
            </button>`
          : nothing}
      </div>
      ${this.room.may("message.post")
        ? html`<room-composer .room=${this.room} .draft=${this.draft} .typing=${this.typing}></room-composer>`
        : nothing}
      <div class="drop-veil" aria-hidden="true">${icon("paperclip")} ${t("Drop to attach")}</div>
    `;
  }

  private begin(): void {
    const { room } = this;
    this.outbox = new Outbox(localStorage, `${room.myId}:${room.id}`);
    this.draft = this.outbox.draft;
    this.outgoing = new Outgoing(room.id, this.outbox, () => this.requestUpdate());
    this.outgoing.resume();
    this.reactions = new Reactions(room.id, this.outbox, () => this.requestUpdate(), (problem) => this.say(reasonOf(problem), "error"));
    void this.reactions.resume();
    this.unread = new Unread(room.myId, this.outbox.seen, room.things.messages);
  }

  private line(line: WallLine) {
    switch (line.kind) {
      case "day":
        return html`<h2 class="wall-rule"><span>${dayHeading(line.at)}</span></h2>`;
      case "new":
        return html`<p class="wall-rule wall-new">
          <span>${tn("{count} new message since {time}", "{count} new messages since {time}", line.count, { time: time(line.since) })}</span>
        </p>`;
      case "facts":
        return html`<room-facts .room=${this.room} .facts=${line.facts}></room-facts>`;
      case "message":
        return html`<room-message
          .room=${this.room}
          .message=${line.message}
          .follows=${line.follows}
          .reacting=${this.reactions.onTheirWay}
          id="message-${line.message.id}"
        ></room-message>`;
    }
  }

  private olderButton() {
    return html`<div class="wall-older">
      <button type="button" class="btn btn-sm btn-ghost-secondary" ?disabled=${this.loading} @click=${this.loadOlder}>
        ${icon("history")} ${this.loading ? t("Loading…") : t("Older messages")}
      </button>
    </div>`;
  }

  private nothingYet() {
    const text = this.room.isClient
      ? t("Ask, answer or send a file: the team sees it right away.")
      : t("Conversations here stay with the work. Say hello, drop a file, ask something.");
    return empty(icon("message-circle"), t("No messages yet"), text);
  }

  private get messages(): Message[] {
    return joined(this.older, this.room.things.messages, this.complete ? undefined : this.first);
  }

  private get complete(): boolean {
    return this.allLoaded || !this.room.things.earlier_messages;
  }

  private send(written: Written): void {
    this.unread.clear();
    this.atEnd = true;
    this.outgoing.post(written.body, written.audience, written.files);
  }

  private rewrite(key: string): void {
    const one = this.outgoing.unsent.find((known) => known.key === key);
    if (!one) return;
    this.outgoing.drop(key);
    this.composer?.write(one.body, one.audience);
  }

  /** Whether there was more. */
  private async loadOlder(): Promise<boolean> {
    const { first } = this;
    if (!first || this.loading || this.complete) return false;
    this.tell("room-part", BACK_THEN);
    this.loading = true;
    try {
      const { messages, reactions, earlier } = await messagesBefore(this.room.id, first.id);
      if (first !== this.first) return true; // the whole state came anew meanwhile
      const height = this.scroller.scrollHeight - this.scroller.scrollTop;
      const stays = ({ id }: { id: string }) => !this.gone.has(id);
      this.older = joined(messages.filter(stays), this.older);
      this.tell("room-known", ["reactions", ...reactions.filter(stays)]);
      this.first = messages[0] ?? first;
      this.allLoaded = !earlier;
      await this.updateComplete;
      this.scroller.scrollTop = this.scroller.scrollHeight - height;
      return messages.length > 0;
    } catch {
      this.say(t("Older messages can't be loaded right now."), "error");
      return false;
    } finally {
      this.loading = false;
    }
  }

  private arrived(): void {
    if (this.looking) this.unread.see(this.messages);
    else this.unread.miss(this.messages);
  }

  private resized(): void {
    if (!this.atEnd) return;
    this.toEnd();
    this.look();
  }

  /** What stands above became taller or lower. */
  private pushed(by: number): void {
    if (!this.atEnd) this.scroller.scrollTop += by;
  }

  /** What stands before the reader's eyes counts as seen. */
  private look(): void {
    if (this.looking && this.unread.see(this.messages)) this.outbox.seen = this.unread.seen;
    if (this.looking || (this.pointed && document.visibilityState === "visible")) this.seeMentions();
    this.below = this.atEnd ? 0 : this.unread.count(this.messages);
  }

  /** Who looks at the wall has seen where they are mentioned on it: nowhere else need say so then. */
  private seeMentions(): void {
    const here = (this.own.things.mentions ?? []).filter((mention) => mention.room_id === this.room.id);
    const last = here.at(-1)?.id ?? "";
    if (!last || last === this.seenMention) return;
    this.seenMention = last;
    this.pointed = false;
    void run("mentions.see", { room_id: this.room.id }).catch(() => (this.seenMention = ""));
  }

  private get looking(): boolean {
    return this.atEnd && document.visibilityState === "visible" && this.offsetParent !== null;
  }

  private scrolled(): void {
    const { scroller } = this;
    // What grew meanwhile moved the end away, not the reader.
    if (this.atEnd && scroller.scrollHeight !== this.height) return this.toEnd();
    this.atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END;
    this.look();
    // Who reads further back meets older facts of the work, and older files.
    if (!this.atEnd) this.tell("room-part", BACK_THEN);
    if (!this.atEnd && scroller.scrollTop < NEAR_TOP && !this.complete) void this.loadOlder();
  }

  private toEnd(): void {
    this.height = this.scroller.scrollHeight;
    this.scroller.scrollTop = this.height;
  }

  private jump(): void {
    this.atEnd = true;
    this.toEnd();
    this.look();
  }

  private reach(id: string): void {
    if (document.getElementById(id)) this.atEnd = false;
    pointAt(id);
  }

  private editLast(): void {
    const last = this.messages.findLast((message) => message.author_id === this.room.myId);
    const element = last && this.querySelector<RoomMessageElement>(`#message-${last.id}`);
    element?.edit();
  }

  private signalTyping(): void {
    if (Date.now() - this.lastSignal < 3000) return;
    this.lastSignal = Date.now();
    feed.signal(this.room.id, "typing");
  }

  private showTypists(): void {
    const names = this.typists.now(Date.now()).map((id) => this.room.firstName(id));
    if (names.join() !== this.typing.join()) this.typing = names;
  }
}
