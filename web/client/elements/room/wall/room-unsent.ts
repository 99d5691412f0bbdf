/** A message on its way to the wall, or one that was refused: its words are kept, with the reason. */
import { html, nothing, type PropertyValues } from "lit";
import { customElement, property } from "lit/decorators.js";
import { feed } from "../../../data/feed";
import type { Upload } from "../../../data/uploads";
import { forTheTeam } from "../../../models/audiences";
import { spoken } from "../../../models/mentions";
import type { Unsent } from "../../../models/outbox";
import { t } from "../../../models/words";
import { icon } from "../../icon";
import { RoomElement } from "../room-element";
import { face, teamMark } from "../room-parts";

@customElement("room-unsent")
export class RoomUnsentElement extends RoomElement {
  @property({ attribute: false }) message!: Unsent;
  @property({ attribute: false }) uploads: readonly Upload[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    this.until(feed.onConnection(() => this.requestUpdate()));
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    this.className = [
      "wall-message wall-pending",
      forTheTeam(this.message.audience) ? "team-ground" : "",
      this.refused ? "wall-refused" : "",
    ].join(" ");
  }

  protected override render() {
    const { message, room } = this;
    return html`
      <div class="wall-message-side">${face(room, room.myId)}</div>
      <div class="wall-message-main">
        <div class="wall-message-head">
          <span class="wall-message-author">${room.name(room.myId)}</span>
          <span class="text-secondary">${this.word()}</span>
          ${teamMark(message.audience)}
        </div>
        <div class="wall-words wall-words-plain">${spoken(message.body, room.addressed)}</div>
        ${this.uploads.map(
          (upload) => html`<div class="wall-sending">
            <span class="text-truncate">${upload.name}</span>
            <progress max=${upload.size} .value=${upload.sent} aria-label=${upload.name}></progress>
          </div>`,
        )}
        ${this.refused ? this.choices() : nothing}
      </div>
    `;
  }

  private get refused(): boolean {
    return this.message.state === "refused";
  }

  private word(): string {
    if (this.refused) return t("Not sent");
    const waiting = this.message.state === "waiting" || feed.connection !== "live";
    return waiting ? t("Waiting for a connection") : t("Sending…");
  }

  private choices() {
    const { key, reason } = this.message;
    return html`<p class="wall-reason" role="alert">${icon("alert-circle")} ${reason}</p>
      <div class="wall-editor-acts">
        <button type="button" class="btn btn-sm btn-primary" @click=${() => this.tell("unsent-again", key)}>
          ${t("Send again")}
        </button>
        <button type="button" class="btn btn-sm" @click=${() => this.tell("unsent-rewrite", key)}>${t("Edit")}</button>
        <button type="button" class="btn btn-sm" @click=${() => this.tell("unsent-drop", key)}>${t("Discard")}</button>
      </div>`;
  }
}
