/** Everything that happened in the room, newest first; what happens now comes in on top. */
import { html, nothing, type PropertyValues } from "lit";
import { customElement, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { WireEvent } from "../../contract";
import { timeline } from "../../data/rooms";
import { tellsTheTeam } from "../../models/audiences";
import { dayOf } from "../../models/days";
import { bearer } from "../../models/signatures";
import { byName } from "../../models/sorting";
import { dayHeading } from "../../models/time";
import { belongs, erased, kinds, namesOf, passes, sentence, type EventKind } from "../../models/timeline";
import { t } from "../../models/words";
import { icon } from "../icon";
import { RoomElement } from "./room-element";
import { empty, face, moment, rich, teamLock } from "./room-parts";
import type { RoomTab } from "./tab-element";

@customElement("room-timeline")
export class RoomTimelineElement extends RoomElement {
  static readonly tab: RoomTab = { name: () => t("Timeline") };

  @state() private events: WireEvent[] = [];
  @state() private kinds: ReadonlySet<EventKind> = new Set();
  @state() private personId: string | null = null;
  @state() private phase: "loading" | "more" | "end" | "failed" = "loading";
  private asked = 0;
  /** The offset of the last event that was fetched, shown or not. */
  private reached: number | undefined;
  private end: IntersectionObserver | null = null;

  /** The page hands on what is told. */
  heard(event: WireEvent): void {
    if (!belongs(event)) return;
    this.events = this.events.map((known) => erased(known, event));
    if (passes(event, this.kinds, this.personId) && !this.events.some((known) => same(known, event))) {
      this.events = [event, ...this.events];
    }
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.until(() => this.end?.disconnect());
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has("kinds") || changed.has("personId")) this.startAnew();
  }

  protected override updated(): void {
    this.end ??= new IntersectionObserver((seen) => {
      if (seen.some((one) => one.isIntersecting) && this.phase === "more") void this.load();
    });
    this.end.disconnect();
    const button = this.querySelector(".timeline-more");
    if (button) this.end.observe(button);
  }

  protected override render() {
    return html`
      <div class="pane-tools">
        <div class="chips" role="group" aria-label=${t("Kinds")}>${kinds().map(([kind, called]) => this.chip(kind, called))}</div>
        <label class="field-inline ms-auto">
          <span class="visually-hidden">${t("Person")}</span>
          <select class="form-select form-select-sm" @change=${this.personChosen}>
            <option value="">${t("Everyone")}</option>
            ${this.room.everyone
              .sort(byName)
              .map((person) => html`<option value=${person.id} ?selected=${person.id === this.personId}>${person.name}</option>`)}
          </select>
        </label>
      </div>
      ${this.events.length || this.phase === "loading" || this.phase === "failed" ? nothing : this.nothingYet()}
      <div class="timeline" aria-busy=${this.phase === "loading" ? "true" : "false"}>
        ${repeat(byDay(this.events), ({ day }) => day, ({ events }) => this.day(events))}
        ${this.phase === "loading" ? skeleton() : nothing}
      </div>
      ${this.phase === "more" || this.phase === "failed"
        ? html`<button type="button" class="btn btn-sm timeline-more" @click=${this.load}>
            ${this.phase === "failed" ? t("Couldn't load. Try again") : t("Earlier")}
          </button>`
        : nothing}
    `;
  }

  private day(events: WireEvent[]) {
    return html`<h2 class="timeline-day">${dayHeading(events[0]!.recorded_at)}</h2>
      <ol class="timeline-lines">
        ${repeat(events, placeOf, (event) => this.line(event))}
      </ol>`;
  }

  private line(event: WireEvent) {
    const said = sentence(event, this.room);
    if (!said) return nothing;
    const parts = "words" in said.params ? { ...said.params, words: html`<q>${said.params["words"]}</q>` } : said.params;
    return html`<li class="timeline-line">
      <span class="timeline-icon" data-name=${event.name}>${icon(said.icon)}</span>
      ${bearer(event) ? face(this.room, bearer(event)!, "xs") : nothing}
      <span class="timeline-words"
        >${rich(said.pattern, parts)}${teamLock(tellsTheTeam(event))}</span
      >
      <span class="text-secondary tabular">${moment(event.recorded_at)}</span>
    </li>`;
  }

  private chip(kind: EventKind, called: string) {
    const on = this.kinds.has(kind);
    return html`<button
      type="button"
      class="chip ${on ? "chip-on" : ""}"
      aria-pressed=${on ? "true" : "false"}
      @click=${() => this.toggle(kind)}
    >
      ${called}
    </button>`;
  }

  private nothingYet() {
    return empty(icon("timeline"), t("No activity of this kind"), t("Choose other kinds of activity or another person."));
  }

  private toggle(kind: EventKind): void {
    const kinds = new Set(this.kinds);
    if (!kinds.delete(kind)) kinds.add(kind);
    this.kinds = kinds;
  }

  private personChosen(event: Event): void {
    this.personId = (event.target as HTMLSelectElement).value || null;
  }

  private startAnew(): void {
    this.events = [];
    this.reached = undefined;
    void this.load();
  }

  private async load(): Promise<void> {
    const asked = ++this.asked;
    this.phase = "loading";
    try {
      const { events, earlier } = await timeline(this.room.id, { before: this.reached, names: namesOf(this.kinds), personId: this.personId });
      if (asked !== this.asked) return;
      this.reached = events.at(-1)?.at?.offset ?? this.reached;
      const fresh = events.filter((event) => belongs(event) && !this.events.some((known) => same(known, event)));
      this.events = [...this.events, ...fresh];
      this.phase = earlier ? "more" : "end";
    } catch {
      if (asked === this.asked) this.phase = "failed";
    }
  }
}

function byDay(events: readonly WireEvent[]): { day: string; events: WireEvent[] }[] {
  return [...Map.groupBy(events, (event) => dayOf(event.recorded_at))].map(([day, those]) => ({ day, events: those }));
}

function placeOf(event: WireEvent): string {
  return `${event.at?.epoch}:${event.at?.offset}`;
}

function same(a: WireEvent, b: WireEvent): boolean {
  return placeOf(a) === placeOf(b);
}

function skeleton() {
  return Array.from({ length: 8 }, () => html`<div class="skeleton timeline-wait" aria-hidden="true"></div>`);
}
