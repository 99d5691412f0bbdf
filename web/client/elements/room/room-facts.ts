/** Facts of the work between the words: quiet lines, of which a long run shows its last ones. */
import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { tellsTheTeam } from "../../models/audiences";
import { FACT_PARTS, factSaid, type Fact } from "../../models/facts";
import { t } from "../../models/words";
import { icon } from "../icon";
import { RoomElement } from "./room-element";
import { moment, rich, teamLock } from "./room-parts";

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
    this.tell("room-part", FACT_PARTS);
  }

  private line(fact: Fact) {
    const said = factSaid(fact, this.room);
    if (!said) return nothing;
    const { who } = said.params;
    const parts = who ? { ...said.params, who: html`${who}` } : said.params;
    return html`<p class="wall-rule wall-fact">
      <span>${rich(said.pattern, parts)} · ${moment(fact.at)}${teamLock(tellsTheTeam(fact))}</span>
    </p>`;
  }
}
