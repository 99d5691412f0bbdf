/** Facts of the work between the words: quiet lines, of which a long run shows its last ones. */
import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Fact } from "../../models/wall";
import { signed } from "../../models/signatures";
import { t } from "../../models/words";
import { icon } from "../icon";
import { RoomElement } from "./room-element";
import { moment, rich } from "./room-parts";

const SHOWN = 3;

@customElement("room-facts")
export class RoomFactsElement extends RoomElement {
  @property({ attribute: false }) facts: Fact[] = [];
  @state() private open = false;

  protected override render() {
    const { facts } = this;
    const shown = this.open || facts.length <= SHOWN ? facts : facts.slice(1 - SHOWN);
    const hidden = facts.length - shown.length;
    return html`${hidden
      ? html`<button type="button" class="wall-rule wall-fact wall-fact-more" @click=${this.unfold}>
          <span>${t("{count} more", { count: hidden })} ${icon("chevron-down")}</span>
        </button>`
      : nothing}
    ${shown.map((fact) => this.line(fact))}`;
  }

  private unfold(): void {
    this.open = true;
    this.tell("room-part", ["tasks", "files"]);
  }

  private line(fact: Fact) {
    const team = fact.team && !this.room.isClient;
    return html`<p class="wall-rule wall-fact">
      <span
        >${this.words(fact)} · ${moment(fact.at)}${team
          ? html` <span class="team-only" data-tip=${t("Team only")}>${icon("lock")}</span>`
          : nothing}</span
      >
    </p>`;
  }

  private words(fact: Fact) {
    const who = html`${signed(this.room.firstName(fact.personId), fact.actedBy)}`;
    const what = fact.subject;
    if (fact.kind === "completed") return rich(t("{what} is done"), { what });
    if (fact.kind === "file") return rich(t("{who} added {what}"), { who, what });
    return what ? rich(t("{who} started {what}"), { who, what }) : rich(t("{who} started working"), { who });
  }
}
