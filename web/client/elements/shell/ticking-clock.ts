import { html } from "lit";
import type { TemplateResult } from "lit";
import { everySecond } from "../../models/ticker";
import { secondsBetween, ticking } from "../../models/time";
import { LightElement } from "../light-element";

/** `<ticking-clock since="2026-11-21T09:12:00Z" plus="3600">`: how long it has been running, and what was before. */
export class TickingClockElement extends LightElement {
  static override properties = { since: {}, plus: { type: Number } };

  since = "";
  plus = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    // Heard out each second, it would drown everything else; who wants it can read it.
    this.setAttribute("role", "timer");
    this.setAttribute("aria-live", "off");
    this.until(everySecond(() => this.requestUpdate()));
  }

  protected override get drawable(): boolean {
    return this.since !== "";
  }

  protected override render(): TemplateResult {
    return html`${ticking(secondsBetween(this.since) + this.plus)}`;
  }
}

customElements.define("ticking-clock", TickingClockElement);
