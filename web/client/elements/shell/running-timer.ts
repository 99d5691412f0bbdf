import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import type { Timer } from "../../contract";
import { RefusalError, run } from "../../data/commands";
import { feed } from "../../data/feed";
import type { PersonStream } from "../../data/feed";
import { t } from "../../models/words";
import { icon } from "../icon";
import { LightElement } from "../light-element";
import { toast } from "./toast-region";

/** The pill in the top bar: where my time goes now, for how long, and the way to stop it. */
export class RunningTimerElement extends LightElement {
  private stream: PersonStream | null = null;
  private stopping = false;

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
    const timer = this.stream?.things.timers.at(-1);
    return timer ? this.pill(timer) : nothing;
  }

  private pill({ room_id, room_title, task_title, started_at }: Timer): TemplateResult {
    const place = task_title ? `${room_title} · ${task_title}` : room_title;
    return html`<div class="timer-pill">
      <a href="/rooms/${room_id}" data-tip=${t("Working on {place}", { place })}>
        <span class="now-dot" aria-hidden="true"></span>
        <span class="visually-hidden">${t("Running now:")}</span>
        <ticking-clock since=${started_at}></ticking-clock>
        <span class="timer-place">${place}</span>
      </a>
      <button
        type="button"
        class="timer-stop"
        data-key="s"
        data-tip=${t("Stop the timer")}
        aria-label=${t("Stop the timer")}
        ?disabled=${this.stopping}
        @click=${() => void this.stop()}
      >
        ${icon("player-stop")}
      </button>
    </div>`;
  }

  private async stop(): Promise<void> {
    this.stopping = true;
    this.requestUpdate();
    try {
      await run("timer.stop", {});
    } catch (error) {
      if (!(error instanceof RefusalError)) throw error;
      toast(error.message, "error");
    } finally {
      this.stopping = false;
      this.requestUpdate();
    }
  }
}

customElements.define("running-timer", RunningTimerElement);
