/** Small drawings that many parts of the room's page use. */
import { html, nothing, type TemplateResult } from "lit";
import type { Absence, Audience, FileForm, Instant, Person } from "../../contract";
import { forTheTeam } from "../../models/audiences";
import type { RoomView } from "../../models/room";
import { initials, tone } from "../../models/person";
import { calendarDay, exact, time } from "../../models/time";
import { t } from "../../models/words";
import { icon } from "../icon";

/** A translated pattern with parts of the page in its places, names in bold. */
export function rich(pattern: string, params: Record<string, unknown>): unknown[] {
  return pattern.split(/(\{\w+\})/).map((part) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined || !(name in params)) return part;
    const value = params[name];
    return typeof value === "string" ? html`<strong>${value}</strong>` : value;
  });
}

const SIZES = { xs: "avatar avatar-xs", sm: "avatar avatar-sm", md: "avatar" };

/** A person's round mark. Their name stands beside it, or in a title. */
export function face(room: RoomView, personId: string, size: keyof typeof SIZES = "sm"): TemplateResult {
  const person = room.person(personId);
  const state = room.runningOf(personId) ? "working" : room.presence(personId);
  return html`<span class="${SIZES[size]} ${tone(personId)}" aria-hidden="true"
    >${person ? initials(person.name) : "?"}<span class="presence" data-state=${state}></span
  ></span>`;
}

export function stateWord(room: RoomView, person: Person): string {
  const running = room.runningOf(person.id);
  if (running) return room.task(running.task_id)?.title ?? t("Working");
  const absence = room.absence(person.id);
  if (absence) return onLeave(absence);
  return { online: t("Here"), away: t("Away"), offline: t("Offline") }[room.presence(person.id)];
}

export function onLeave(absence: Absence): string {
  return t("On leave until {day}", { day: calendarDay(absence.ends_on) });
}

export function clientBadge(person: Person | undefined) {
  return person?.kind === "client" ? html`<span class="kind">${t("client")}</span>` : nothing;
}

export function teamMark(audience: Audience) {
  return forTheTeam(audience) ? html`<span class="team-only">${icon("lock")} ${t("Team only")}</span>` : nothing;
}

/** The same where there is little room, with the space before it. */
export function teamLock(team: boolean) {
  return team ? html` <span class="team-only" data-tip=${t("Team only")}>${icon("lock")}</span>` : nothing;
}

export function moment(at: Instant) {
  return html`<time datetime=${at} title=${exact(at)}>${time(at)}</time>`;
}

export function size(bytes: number): string {
  if (bytes < 1000) return t("{count} B", { count: bytes });
  const units = ["kilobyte", "megabyte", "gigabyte"] as const;
  const place = Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3) - 1);
  const value = bytes / 1000 ** (place + 1);
  return new Intl.NumberFormat(document.documentElement.lang || "en", {
    style: "unit",
    unit: units[place]!,
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value);
}

/** Each is `icon: "…"` for the sprite. */
const FILE_ICONS = [
  { types: /^image\//, icon: "photo" },
  { types: /^video\//, icon: "movie" },
  { types: /^audio\//, icon: "music" },
  { types: /pdf$/, icon: "file-type-pdf" },
  { types: /zip|compressed|tar/, icon: "file-zip" },
  { types: /spreadsheet|excel|csv/, icon: "file-spreadsheet" },
  { types: /./, icon: "file-text" },
];

export function fileIcon(file: Pick<FileForm, "media_type">): string {
  return FILE_ICONS.find(({ types }) => types.test(file.media_type))?.icon ?? "file-text";
}

export function fileUrl(file: Pick<FileForm, "id" | "name">): string {
  return `/files/${file.id}/${encodeURIComponent(file.name)}`;
}

/** Shows where something is: in sight, and lit for a moment. */
export function pointAt(id: string): void {
  const element = document.getElementById(id);
  if (!element) return;
  element.scrollIntoView({ block: "center" });
  element.classList.remove("pointed-at");
  requestAnimationFrame(() => element.classList.add("pointed-at"));
}

/** What belongs in a place where nothing is yet, and the first step. */
export function empty(picture: TemplateResult, title: string, text: string, act: unknown = nothing) {
  return html`<div class="empty-place">
    ${picture}
    <h2>${title}</h2>
    <p>${text}</p>
    ${act}
  </div>`;
}
