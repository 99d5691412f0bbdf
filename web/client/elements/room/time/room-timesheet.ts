/** The timesheet: who worked when, on what, for how long. */
import { html, nothing, svg, type PropertyValues } from "lit";
import { customElement, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { Entry } from "../../../contract";
import { entriesBetween } from "../../../data/rooms";
import { clock } from "../../../models/clock";
import { addDays, beginningOf } from "../../../models/days";
import { byId } from "../../../models/room";
import { calendarDay, dayHeading, dayKey, hours, time } from "../../../models/time";
import { periodOf, sheet, stepped, stripOf, type Period, type PeriodKind, type SheetDay, type SheetLine } from "../../../models/timesheet";
import { t } from "../../../models/words";
import { icon } from "../../icon";
import { RoomElement } from "../room-element";
import { empty, face, teamMark } from "../room-parts";
import type { RoomTab } from "../tab-element";
import "../../shell/ticking-clock";

/** The snapshot has entries of this many days. */
const SNAPSHOT_DAYS = 60;

@customElement("room-timesheet")
export class RoomTimesheetElement extends RoomElement {
  static readonly tab: RoomTab = { name: () => t("Timesheet") };

  @state() private period: Period = periodOf("week", dayKey(clock.now()));
  @state() private older: Entry[] = [];
  @state() private loading = false;
  private readonly fetched = new Set<string>();

  override connectedCallback(): void {
    super.connectedCallback();
    const tick = setInterval(() => this.requestUpdate(), 20_000);
    this.until(() => clearInterval(tick));
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has("period")) void this.fetch();
  }

  protected override render() {
    const now = clock.now();
    const { days, seconds, byPerson } = sheet(this.entries, this.period, now);
    return html`
      <div class="pane-tools">
        <div class="btn-group" role="group" aria-label=${t("Period")}>
          ${this.kindButton("week", t("Week"))} ${this.kindButton("month", t("Month"))}
        </div>
        <div class="period">
          <button
            type="button"
            class="btn btn-sm btn-icon"
            aria-label=${t("Earlier")}
            title=${t("Earlier")}
            @click=${() => this.step(-1)}
          >
            ${icon("chevron-left")}
          </button>
          <span class="period-name" aria-live="polite">${this.periodName()}</span>
          <button
            type="button"
            class="btn btn-sm btn-icon"
            aria-label=${t("Later")}
            title=${t("Later")}
            ?disabled=${this.period.to > dayKey(now)}
            @click=${() => this.step(1)}
          >
            ${icon("chevron-right")}
          </button>
        </div>
        <span class="sheet-total ms-auto">${t("Total")} <strong class="tabular">${hours(seconds)}</strong></span>
      </div>
      ${byPerson.length > 1
        ? html`<ul class="person-totals" aria-label=${t("By person")}>
            ${byPerson.map(
              (one) => html`<li>
                ${face(this.room, one.personId, "xs")} <span>${this.room.name(one.personId)}</span>
                <strong class="tabular">${hours(one.seconds)}</strong>
              </li>`,
            )}
          </ul>`
        : nothing}
      ${this.loading ? html`<p class="text-secondary">${t("Loading…")}</p>` : nothing}
      ${days.length || this.loading ? nothing : this.nothingYet()}
      ${repeat(days, (day) => day.day, (day) => this.day(day))}
    `;
  }

  private day(group: SheetDay) {
    return html`<section class="sheet-day">
      <h2 class="sheet-day-head">
        <span>${dayHeading(beginningOf(group.day))}</span>
        ${strip(group)}
        <strong class="tabular">${hours(group.seconds)}</strong>
      </h2>
      <ul class="sheet-entries">
        ${repeat(group.lines, ({ entry }) => entry.id, (line) => this.line(line))}
      </ul>
    </section>`;
  }

  private line({ entry, part, running, seconds }: SheetLine) {
    const { room } = this;
    const task = room.task(entry.task_id);
    return html`<li class="sheet-entry ${running ? "sheet-entry-alive" : ""}">
      <span class="sheet-when tabular"
        >${time(part.begin)}<span class="visually-hidden"> ${t("to")} </span><span aria-hidden="true">–</span>${running
          ? html`<span class="alive-ink">${t("now")}</span>`
          : time(part.end)}</span
      >
      <span class="sheet-who">${face(room, entry.person_id, "xs")} <span>${room.signed(entry.person_id, entry.acted_by)}</span></span>
      <span class="sheet-what">
        ${task
          ? html`<button type="button" class="btn-text" @click=${() => this.tell("task-open", task.id)}>${task.title}</button>`
          : html`<span class="text-secondary">${t("General")}</span>`}
        ${entry.note ? html`<span class="text-secondary">${entry.note}</span>` : nothing}
        ${teamMark(entry.audience)}
      </span>
      <span class="sheet-time tabular">
        ${running
          ? html`<span class="alive"><span class="now-dot" aria-hidden="true"></span><ticking-clock since=${new Date(part.begin).toISOString()}></ticking-clock></span>`
          : hours(seconds)}
      </span>
    </li>`;
  }

  private kindButton(kind: PeriodKind, label: string) {
    const on = this.period.kind === kind;
    return html`<button
      type="button"
      class="btn btn-sm ${on ? "active" : ""}"
      aria-pressed=${on ? "true" : "false"}
      @click=${() => (this.period = periodOf(kind, dayKey(clock.now())))}
    >
      ${label}
    </button>`;
  }

  private nothingYet() {
    const { room } = this;
    const current = this.period.to > dayKey(clock.now());
    return empty(
      icon("clock"),
      this.period.kind === "week" ? t("No time in this week") : t("No time in this month"),
      current && room.may("timer.start")
        ? t("Start the timer and your first entry appears here.")
        : t("Nobody worked here in this time."),
    );
  }

  private periodName(): string {
    const { kind, from, to } = this.period;
    if (kind === "month") {
      const name = new Intl.DateTimeFormat(document.documentElement.lang || "en", { month: "long", year: "numeric", timeZone: "UTC" });
      return name.format(new Date(`${from}T00:00:00Z`));
    }
    return `${calendarDay(from)} – ${calendarDay(addDays(to, -1))}`;
  }

  private get entries(): Entry[] {
    const all = byId(this.older);
    for (const entry of this.room.things.entries) all.set(entry.id, entry);
    return [...all.values()];
  }

  private step(step: -1 | 1): void {
    this.period = stepped(this.period, step);
  }

  private async fetch(): Promise<void> {
    const { from, to } = this.period;
    const known = addDays(dayKey(clock.now()), -SNAPSHOT_DAYS);
    if (from >= known || this.fetched.has(`${from}${to}`)) return;
    this.loading = true;
    try {
      this.older = [...this.older, ...(await entriesBetween(this.room.id, from, to))];
      this.fetched.add(`${from}${to}`);
    } catch {
      this.say(t("Older time can't be loaded right now."), "error");
    } finally {
      this.loading = false;
    }
  }
}

function strip(group: SheetDay) {
  return html`<svg class="day-strip" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
    ${stripOf(group.lines).map((part) => svg`<rect x=${part.left} width=${part.width} height="6" rx="1" class=${part.now ? "strip-now" : ""} />`)}
  </svg>`;
}
