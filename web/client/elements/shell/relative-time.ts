import { html } from "lit";
import type { TemplateResult } from "lit";
import { everySecond } from "../../models/ticker";
import { exact, relative } from "../../models/time";
import { LightElement } from "../light-element";

/** `<relative-time at="2026-11-21T09:12:00Z">`: "4 min ago", with the exact time on hover. */
export class RelativeTimeElement extends LightElement {
  static override properties = { at: {} };

  at = "";
  private shown = "";

  override connectedCallback(): void {
    super.connectedCallback();
    this.until(everySecond(() => relative(this.at) !== this.shown && this.requestUpdate()));
  }

  protected override get drawable(): boolean {
    return this.at !== "";
  }

  protected override render(): TemplateResult {
    this.shown = relative(this.at);
    return html`<time datetime=${this.at} title=${exact(this.at)}>${this.shown}</time>`;
  }
}

customElements.define("relative-time", RelativeTimeElement);
