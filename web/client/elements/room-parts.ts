/** Small drawings that many parts of the room's page use. */
import { html, nothing, type TemplateResult } from "lit";
import type { Audience, FileForm, Instant, Person } from "../contract";
import type { RoomView } from "../models/room";
import { exact, time } from "../models/time";
import { t } from "../models/words";
import { icon } from "./icon";

/** A translated pattern with parts of the page in its places, names in bold. */
export function rich(pattern: string, params: Record<string, unknown>): unknown[] {
  return pattern.split(/(\{\w+\})/).map((part) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined || !(name in params)) return part;
    const value = params[name];
    return typeof value === "string" ? html`<strong>${value}</strong>` : value;
  });
}

export function face(room: RoomView, personId: string, size: "xs" | "sm" | "md" = "sm"): TemplateResult {
  const person = room.person(personId);
  const state = room.runningOf(personId) ? "working" : room.presence(personId);
  return html`<span class="face face-${size}" data-tint=${tintOf(personId)} data-state=${state} aria-hidden="true"
    >${person ? initials(person.name) : "?"}</span
  >`;
}

export function initials(name: string): string {
  const parts = name.trim().split(/\s+/);
  const letters = parts.length > 1 ? [parts[0]!, parts.at(-1)!] : [parts[0] ?? ""];
  return letters.map((part) => part.charAt(0).toLocaleUpperCase()).join("");
}

/** One of eight tints, the same for a person everywhere. */
export function tintOf(id: string): number {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.charCodeAt(0)) % 1_000_003;
  return sum % 8;
}

export function stateWord(room: RoomView, person: Person): string {
  const running = room.runningOf(person.id);
  if (running) return room.task(running.task_id)?.title ?? t("Working");
  return { online: t("Here"), away: t("Away"), offline: t("Offline") }[room.presence(person.id)];
}

export function clientBadge(person: Person | undefined) {
  return person?.kind === "client" ? html`<span class="badge client-badge">${t("client")}</span>` : nothing;
}

export function teamMark(audience: Audience, room: RoomView) {
  if (audience === "all" || room.isClient) return nothing;
  return html`<span class="team-mark">${icon("lock")} ${t("Team only")}</span>`;
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

export function fileIcon(file: Pick<FileForm, "media_type">): string {
  const type = file.media_type;
  if (type.startsWith("image/")) return "photo";
  if (type.startsWith("video/")) return "movie";
  if (type.startsWith("audio/")) return "music";
  if (type === "application/pdf") return "file-type-pdf";
  if (/zip|compressed|tar/.test(type)) return "file-zip";
  if (/spreadsheet|excel|csv/.test(type)) return "file-spreadsheet";
  return "file-text";
}

export function fileUrl(file: Pick<FileForm, "id" | "name">): string {
  return `/files/${file.id}/${encodeURIComponent(file.name)}`;
}

export function empty(iconName: string, title: string, text: string, act: unknown = nothing) {
  return html`<div class="room-empty">
    ${icon(iconName)}
    <p class="room-empty-title">${title}</p>
    <p class="text-secondary">${text}</p>
    ${act}
  </div>`;
}
