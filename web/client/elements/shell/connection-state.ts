import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { feed } from "../../data/feed";
import type { Connection } from "../../data/feed";
import { t } from "../../models/words";
import { icon } from "../icon";
import { LightElement } from "../light-element";

/** Nothing while all is well; a quiet word while the live connection is away. */
export class ConnectionStateElement extends LightElement {
  private connection: Connection = "live";

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute("role", "status");
    this.until(
      feed.onConnection((connection) => {
        this.connection = connection;
        this.requestUpdate();
      }),
    );
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.connection === "live") return nothing;
    if (this.connection === "connecting") {
      return html`<span class="connection" data-tip=${t("What you see may be slightly out of date. Nothing you write is lost.")}>
        ${icon("refresh")}<span class="connection-words">${t("Connecting…")}</span>
      </span>`;
    }
    return html`<button
      type="button"
      class="connection border-0"
      data-state="offline"
      data-tip=${t("Click to retry. Nothing you write is lost.")}
      @click=${() => feed.reconnect()}
    >
      ${icon("cloud-off")}<span class="connection-words">${t("Offline")}</span>
    </button>`;
  }
}

customElements.define("connection-state", ConnectionStateElement);
