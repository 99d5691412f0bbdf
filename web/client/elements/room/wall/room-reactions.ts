/** The emojis under a message: who gave each, one's own to give and take back by a click, and more to choose from. */
import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Message } from "../../../contract";
import { feed } from "../../../data/feed";
import { shownUnder, type Reacting, type ShownReaction } from "../../../models/reactions";
import { t } from "../../../models/words";
import { icon } from "../../icon";
import { KeptFocus } from "../kept-focus";
import { RoomElement } from "../room-element";
import type { MenuLine } from "../room-menu";
import "../room-menu";

/** What people mostly answer with. Screen readers name each in the reader's language. */
const CHOICE = [
  "👍", "❤️", "😄", "🎉", "👀", "✅",
  "👏", "🙏", "💪", "🔥", "🚀", "💡",
  "😮", "🤔", "😢", "😅", "😍", "🤝",
  "👎", "❌", "⏳", "☕", "➕", "💯",
]; // prettier-ignore
const COLUMNS = 6;

@customElement("room-reactions")
export class RoomReactionsElement extends RoomElement {
  @property({ attribute: false }) message!: Message;
  @property({ attribute: false }) onTheirWay: readonly Reacting[] = [];

  constructor() {
    super();
    new KeptFocus(this, () => this.querySelector<HTMLElement>(".reaction-choice > button"));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.until(feed.onConnection(() => this.requestUpdate()));
  }

  protected override render() {
    const { shown } = this;
    const may = this.room.may("reaction.add");
    return html`
      ${shown.length
        ? html`<div class="reactions">${repeat(shown, ({ emoji }) => emoji, (reaction) => this.drawn(reaction, may))}</div>`
        : nothing}
      ${may
        ? html`<room-menu
            class="reaction-choice"
            label=${t("React")}
            columns=${COLUMNS}
            .face=${icon("mood-plus")}
            .lines=${() => this.choice()}
          ></room-menu>`
        : nothing}
    `;
  }

  private drawn(reaction: ShownReaction, may: boolean) {
    const waiting = reaction.waiting && feed.connection !== "live";
    const who = [this.givers(reaction), ...(waiting ? [t("Waiting for a connection")] : [])].join(" · ");
    return html`<button
      type="button"
      class="reaction ${waiting ? "reaction-waiting" : ""}"
      aria-pressed=${this.isMine(reaction) ? "true" : "false"}
      aria-label="${reaction.emoji} ${reaction.person_ids.length}: ${who}"
      data-tip=${who}
      ?disabled=${!may}
      @click=${() => this.toggle(reaction.emoji)}
    >
      <span aria-hidden="true">${reaction.emoji}</span> ${reaction.person_ids.length}
    </button>`;
  }

  /** Above the emojis stands who gave which: where nothing can be pointed at, there is no other way to see it. */
  private choice(): MenuLine[] {
    const { shown } = this;
    const mine = new Set(shown.filter((reaction) => this.isMine(reaction)).map(({ emoji }) => emoji));
    return [
      ...shown.map((reaction) => ({ heading: `${reaction.emoji} ${this.givers(reaction)}` })),
      ...CHOICE.map((emoji) => ({ label: emoji, checked: mine.has(emoji), several: true, act: () => this.toggle(emoji) })),
    ];
  }

  private get shown(): ShownReaction[] {
    return shownUnder(this.message.id, this.room.things.reactions, this.onTheirWay, this.room.myId);
  }

  /** The reader stands first. */
  private givers({ person_ids }: ShownReaction): string {
    const { myId } = this.room;
    const names = person_ids.filter((id) => id !== myId).map((id) => this.room.name(id));
    if (person_ids.includes(myId)) names.unshift(t("You"));
    return new Intl.ListFormat(document.documentElement.lang || "en", { type: "conjunction" }).format(names);
  }

  private isMine({ person_ids }: ShownReaction): boolean {
    return person_ids.includes(this.room.myId);
  }

  private toggle(emoji: string): void {
    const given = this.shown.some((reaction) => reaction.emoji === emoji && this.isMine(reaction));
    this.tell("wall-react", { message_id: this.message.id, emoji, given: !given });
  }
}
