import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import type { Business } from "../../contract";
import { feed } from "../../data/feed";
import type { Change } from "../../data/stream";
import { LightElement } from "../light-element";

/** What changes of one's business while a page is open; drawn once something did. */
abstract class BusinessElement extends LightElement {
  protected business: Business | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    const stream = feed.stream("business");
    this.until(() => feed.leave(stream));
    this.until(stream.subscribe((change) => this.hear(change)));
  }

  protected override get drawable(): boolean {
    return this.business !== null;
  }

  private hear(change: Change): void {
    if (change.kind !== "event" || change.event.name !== "business.changed") return;
    this.business = change.event["business"] as Business;
    this.requestUpdate();
  }
}

/** The business's logo and name, beside the places. */
export class BusinessMarkElement extends BusinessElement {
  protected override render(): TemplateResult | typeof nothing {
    if (!this.business) return nothing;
    const { logo, name } = this.business;
    return html`${logo ? html`<img src="/logo/${logo}" alt="" />` : nothing}<span>${name}</span>`;
  }
}

/** Where the team meets: hidden while the business names no such place. */
export class MeetingsLinkElement extends BusinessElement {
  protected override shouldUpdate(): boolean {
    const link = this.querySelector("a");
    if (!this.business || !link) return false;
    link.href = this.business.meetings_url;
    this.hidden = !this.business.meetings_url;
    return false;
  }
}

customElements.define("business-mark", BusinessMarkElement);
customElements.define("meetings-link", MeetingsLinkElement);
