import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { feed } from "../../data/feed";
import type { PersonStream } from "../../data/feed";
import { tn } from "../../models/words";
import { LightElement } from "../light-element";

/** Beside "Rooms": how often one is mentioned where one hasn't looked yet. */
export class MentionCountElement extends LightElement {
  private stream: PersonStream | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    const stream = (this.stream = feed.stream("person"));
    this.until(() => feed.leave(stream));
    this.until(stream.subscribe(() => this.requestUpdate()));
  }

  protected override get drawable(): boolean {
    return this.stream?.cursor.at != null;
  }

  protected override render(): TemplateResult | typeof nothing {
    const count = this.stream?.things.mentions?.length ?? 0;
    if (!count) return nothing;
    return html`<span class="badge-mention"
      ><span aria-hidden="true">@${count}</span><span class="visually-hidden">${tn("{count} new mention", "{count} new mentions", count)}</span></span
    >`;
  }
}

customElements.define("mention-count", MentionCountElement);
