/** One message of the wall: its words, what hangs on it, and its author's ways to change it. */
import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import type { FileForm, Message } from "../../../contract";
import { forTheTeam } from "../../../models/audiences";
import { coded, drawn, mentioned, spelled, typed } from "../../../models/mentions";
import type { Reacting } from "../../../models/reactions";
import { exact, time } from "../../../models/time";
import { t } from "../../../models/words";
import { icon } from "../../icon";
import "./mention-list";
import "./room-reactions";
import type { MentionListElement } from "./mention-list";
import { pinMark, pinOf } from "./room-pins";
import { ask } from "../room-ask";
import { RoomElement } from "../room-element";
import type { MenuLine } from "../room-menu";
import { clientBadge, face, fileIcon, fileUrl, moment, size, teamMark } from "../room-parts";

@customElement("room-message")
export class RoomMessageElement extends RoomElement {
  @property({ attribute: false }) message!: Message;
  /** It stands under the name of the one before it. */
  @property({ type: Boolean }) follows = false;
  @property({ attribute: false }) reacting: readonly Reacting[] = [];
  @state() private editing = false;
  @query("textarea") private field!: HTMLTextAreaElement;
  @query("mention-list") private names!: MentionListElement;

  edit(): void {
    if (!this.mayEdit) return;
    this.editing = true;
    void this.updateComplete.then(() => {
      const words = spelled(this.message.body, this.room.addressed);
      this.field.value = words.text;
      this.names.precede(words.text, words.picked);
      this.field.focus();
      this.field.setSelectionRange(this.field.value.length, this.field.value.length);
    });
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    this.classList.add("wall-message");
    this.classList.toggle("wall-message-follows", this.follows);
    this.classList.toggle("team-ground", forTheTeam(this.message.audience));
    this.classList.toggle("wall-message-mine", mentioned(this.message.html).some((id) => this.room.mentioning.has(id)));
  }

  protected override render() {
    const { message, room } = this;
    return html`
      <div class="wall-message-side">
        ${this.follows
          ? html`<time class="wall-message-late" datetime=${message.posted_at} title=${exact(message.posted_at)}
              >${time(message.posted_at)}</time
            >`
          : face(room, message.author_id)}
      </div>
      <div class="wall-message-main">
        ${this.follows
          ? html`<span class="visually-hidden">${room.signed(message.author_id, message.acted_by)}</span>`
          : html`<div class="wall-message-head">
              <span class="wall-message-author">${room.signed(message.author_id, message.acted_by)}</span>
              ${clientBadge(room.person(message.author_id))}
              <span class="text-secondary">${moment(message.posted_at)}</span>
              ${teamMark(message.audience)}
            </div>`}
        ${pinMark(room, message)} ${this.editing ? this.editor() : this.words()} ${this.attachments()}
        <room-reactions .room=${room} .message=${message} .onTheirWay=${this.reacting}></room-reactions>
      </div>
      ${this.menu()}
    `;
  }

  private words() {
    const { message } = this;
    return html`<div class="wall-words">
      ${unsafeHTML(drawn(message.html, this.room.addressed, this.room.mentioning))}
      ${message.edited_at
        ? html`<span class="wall-edited" title=${exact(message.edited_at)}
            >${message.edited_by ? t("edited by {who}", { who: message.edited_by.name }) : t("edited")}</span
          >`
        : nothing}
    </div>`;
  }

  private editor() {
    return html`<form class="wall-editor" @submit=${this.save} @keydown=${this.pressed}>
      <textarea
        class="form-control"
        rows="3"
        aria-label=${t("Edit the message")}
        @input=${() => this.names.look()}
      ></textarea>
      <mention-list .room=${this.room}></mention-list>
      <div class="wall-editor-acts">
        <button class="btn btn-primary btn-sm">${t("Save")}</button>
        <button type="button" class="btn btn-sm" @click=${this.close}>${t("Cancel")}</button>
        <span class="text-secondary keys-hint">${t("Ctrl+Enter to save, Esc to cancel")}</span>
      </div>
    </form>`;
  }

  private attachments() {
    const files = this.message.attachments.map((id) => this.room.file(id)).filter((file) => file !== undefined);
    if (!files.length) return nothing;
    return html`<div class="wall-files">${files.map((file) => this.attachment(file))}</div>`;
  }

  private attachment(file: FileForm) {
    const shared = file.audience === "all" && !this.room.isClient && this.room.clients.length > 0;
    const words = shared
      ? t("{size} · shared with {names}", {
          size: size(file.size),
          names: this.room.clients.map((person) => person.name.split(" ")[0]).join(", "),
        })
      : size(file.size);
    if (file.preview) {
      return html`<a class="wall-picture" href=${fileUrl(file)} target="_blank" rel="noopener" title=${file.name}>
        <img
          src="/files/${file.id}/preview"
          width=${file.width ?? nothing}
          height=${file.height ?? nothing}
          .style=${measures(file)}
          loading="lazy"
          alt=${file.name}
        />
      </a>`;
    }
    return html`<a class="wall-file" href=${fileUrl(file)}>
      ${icon(fileIcon(file), "text-primary")}
      <span class="wall-file-words">
        <span class="text-truncate">${file.name}</span>
        <small class="text-secondary">${words}</small>
      </span>
    </a>`;
  }

  private menu() {
    if (this.editing || !this.menuLines().length) return nothing;
    return html`<room-menu
      class="wall-message-menu"
      label=${t("What to do with this message")}
      .face=${icon("dots")}
      .lines=${() => this.menuLines()}
    ></room-menu>`;
  }

  private menuLines(): MenuLine[] {
    const lines: MenuLine[] = [];
    const fields = { message_id: this.message.id };
    if (!pinOf(this.room, this.message)) {
      if (this.room.may("pin.add")) lines.push({ label: t("Pin"), icon: "pin", act: () => void this.act("pin.add", fields) });
    } else if (this.room.may("pin.remove")) {
      lines.push({ label: t("Unpin"), icon: "pinned-off", act: () => void this.act("pin.remove", fields) });
    }
    if (this.mayEdit) lines.push({ label: t("Edit"), icon: "edit", act: () => this.edit() });
    if (this.mayDelete) {
      lines.push({ label: t("Delete for everyone"), icon: "trash", danger: true, act: () => void this.erase() });
    }
    return lines;
  }

  private get mayEdit(): boolean {
    return this.message.author_id === this.room.myId && this.room.may("message.edit");
  }

  private get mayDelete(): boolean {
    const own = this.message.author_id === this.room.myId;
    return (own || this.room.isAdmin) && this.room.may("message.delete");
  }

  private async save(event: Event): Promise<void> {
    event.preventDefault();
    const body = typed(coded(this.field.value, this.names.picked, this.room.called));
    if (!body) return;
    if (body === this.message.body || (await this.act("message.edit", { message_id: this.message.id, body }))) {
      this.close();
    }
  }

  private close(): void {
    this.editing = false;
    this.tell("wall-write");
  }

  private async erase(): Promise<void> {
    const sure = await ask({
      title: t("Delete this message?"),
      text: t("Its text is removed everywhere, for everyone. This can't be undone."),
      act: t("Delete"),
      danger: true,
    });
    if (sure) await this.act("message.delete", { message_id: this.message.id });
  }

  private pressed(event: KeyboardEvent): void {
    event.stopPropagation();
    if (this.names.pressed(event)) return;
    if (event.key === "Escape") this.close();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void this.save(event);
  }
}

/** What a picture's place is measured by until it is there. */
function measures({ width, height }: FileForm): string {
  return width && height ? `--width: ${width}px; --ratio: ${width / height}` : "";
}
