/** The timeline: each event as a sentence, sorted into kinds that one can ask for. */
import type { WireEvent } from "../contract";
import { spoken } from "./mentions";
import { stageName, type RoomView } from "./room";
import { bearer } from "./signatures";
import { t } from "./words";

export type Kind = "wall" | "tasks" | "time" | "files" | "people" | "room";

export const KINDS: readonly Kind[] = ["wall", "tasks", "time", "files", "people", "room"];

export const NAMES: Record<Kind, readonly string[]> = {
  wall: ["message.posted", "message.edited", "message.deleted"],
  tasks: ["task.created", "task.changed", "task.completed", "task.reopened", "task.withdrawn", "task.removed"],
  time: ["timer.started", "timer.stopped"],
  files: ["file.added", "file.changed", "file.withdrawn", "file.removed"],
  people: ["member.added", "member.removed"],
  room: ["room.opened", "room.changed", "room.archived", "room.restored"],
};

/** Each is `icon: "…"` for the sprite. */
export const MARKS: Record<string, { icon: string }> = {
  "message.posted": { icon: "message" },
  "message.edited": { icon: "edit" },
  "message.deleted": { icon: "trash" },
  "task.created": { icon: "plus" },
  "task.changed": { icon: "arrows-exchange" },
  "task.completed": { icon: "check" },
  "task.reopened": { icon: "rotate" },
  "task.removed": { icon: "trash" },
  "timer.started": { icon: "player-play" },
  "timer.stopped": { icon: "player-stop" },
  "file.added": { icon: "file" },
  "file.changed": { icon: "edit" },
  "file.withdrawn": { icon: "lock" },
  "file.removed": { icon: "trash" },
  "member.added": { icon: "user-plus" },
  "member.removed": { icon: "user-minus" },
  "room.opened": { icon: "door" },
  "room.changed": { icon: "settings" },
  "room.archived": { icon: "archive" },
  "room.restored": { icon: "archive-off" },
  "task.withdrawn": { icon: "lock" },
};

/** A translated pattern and what goes in its places, so that the page can set names in bold. */
export interface Sentence {
  pattern: string;
  params: Record<string, string>;
}

/** What an event may carry, as far as its sentence asks. */
export interface Told extends WireEvent {
  message?: { id: string; body?: string; html?: string; audience?: string; gone?: boolean };
  task?: { id: string; title?: string; stage_id?: string; audience?: string; gone?: boolean };
  entry?: { id: string; person_id?: string; task_id?: string | null; note?: string; started_at?: string; stopped_at?: string | null };
  file?: { id: string; name?: string; audience?: string; gone?: boolean };
  member?: { id: string };
  person?: { id: string; name?: string };
  room?: { id: string; title?: string; stage_id?: string };
  changed?: string[];
  reason?: string;
}

export function kindOf(name: string): Kind | undefined {
  return KINDS.find((kind) => NAMES[kind].includes(name));
}

/** Told ones such as typing are not part of what happened. */
export function belongs(event: WireEvent): boolean {
  return kindOf(event.name ?? "") !== undefined && event.at !== null;
}

export function passes(event: WireEvent, kinds: ReadonlySet<Kind>, personId: string | null): boolean {
  const kind = kindOf(event.name ?? "");
  return kind !== undefined && (!kinds.size || kinds.has(kind)) && (!personId || [event.actor_id, event.on_behalf_of].includes(personId));
}

export function namesOf(kinds: ReadonlySet<Kind>): string[] {
  return KINDS.filter((kind) => kinds.has(kind)).flatMap((kind) => NAMES[kind]);
}

export function sentence(event: Told, room: RoomView): Sentence {
  const say = SENTENCES[event.name ?? ""];
  const params = { who: room.who(event), what: subject(event, room) };
  return say ? say(event, room, params) : { pattern: "{who}: {what}", params: { ...params, what: event.name ?? "" } };
}

type Params = { who: string; what: string };
type Say = (event: Told, room: RoomView, params: Params) => Sentence;

const SENTENCES: Record<string, Say> = {
  "message.posted": (event, _room, params) =>
    event.message?.gone
      ? { pattern: t("{who} wrote a message, deleted since"), params }
      : { pattern: t("{who} wrote: {what}"), params },
  "message.edited": (event, _room, params) =>
    event.message?.gone
      ? { pattern: t("{who} edited a message, deleted since"), params }
      : { pattern: t("{who} edited: {what}"), params },
  "message.deleted": (_event, _room, params) => ({ pattern: t("{who} deleted a message"), params }),
  "task.created": (_event, _room, params) => ({ pattern: t("{who} added the task {what}"), params }),
  "task.changed": changedTask,
  "task.completed": (_event, _room, params) => ({ pattern: t("{who} completed {what}"), params }),
  "task.reopened": (_event, _room, params) => ({ pattern: t("{who} reopened {what}"), params }),
  "task.withdrawn": (_event, _room, params) => ({ pattern: t("{who} took a task back to the team"), params }),
  "task.removed": (_event, _room, params) => ({ pattern: t("{who} removed a task"), params }),
  "timer.started": (_event, _room, params) =>
    params.what
      ? { pattern: t("{who} started working on {what}"), params }
      : { pattern: t("{who} started working"), params },
  "timer.stopped": stoppedTimer,
  "file.added": (event, _room, params) =>
    event.file?.gone
      ? { pattern: t("{who} added a file, removed since"), params }
      : { pattern: t("{who} added {what}"), params },
  "file.changed": changedFile,
  "file.withdrawn": (_event, _room, params) => ({ pattern: t("{who} took a file back to the team"), params }),
  "file.removed": (_event, _room, params) => ({ pattern: t("{who} removed a file"), params }),
  "member.added": (event, _room, params) =>
    event.member?.id === bearer(event)
      ? { pattern: t("{who} came into the room"), params }
      : { pattern: t("{who} added {what} to the room"), params },
  "member.removed": (event, _room, params) =>
    event.member?.id === bearer(event)
      ? { pattern: t("{who} left the room"), params }
      : { pattern: t("{who} took {what} out of the room"), params },
  "room.opened": (_event, _room, params) => ({ pattern: t("{who} opened the room"), params }),
  "room.changed": changedRoom,
  "room.archived": (_event, _room, params) => ({ pattern: t("{who} archived the room"), params }),
  "room.restored": (_event, _room, params) => ({ pattern: t("{who} restored the room"), params }),
};

function stoppedTimer(event: Told, room: RoomView, params: Params): Sentence {
  const personId = event.entry?.person_id ?? bearer(event);
  if (personId !== bearer(event)) {
    return { pattern: cutOff(event.reason), params: { ...params, whose: room.name(personId) } };
  }
  return params.what
    ? { pattern: t("{who} stopped working on {what}"), params }
    : { pattern: t("{who} stopped working"), params };
}

/** Another than the timer's person ended it, mostly with something else. */
function cutOff(reason: string | undefined): string {
  if (reason === "room_archived") return t("{whose}'s timer was stopped when {who} archived the room");
  if (reason === "task_completed") return t("{whose}'s timer was stopped when {who} completed {what}");
  if (reason === "member_removed") return t("{whose}'s timer was stopped when {who} took them out of the room");
  if (reason === "person_deactivated") return t("{whose}'s timer was stopped when {who} closed their account");
  return t("{who} stopped {whose}'s timer");
}

function changedTask(event: Told, room: RoomView, params: Params): Sentence {
  const only = event.changed?.length === 1 ? event.changed[0] : undefined;
  if (only === "stage_id") {
    const stage = stageName(room.taskStage(event.task?.stage_id ?? ""));
    if (stage) return { pattern: t("{who} moved {what} to {stage}"), params: { ...params, stage } };
  }
  if (only === "due_on") return { pattern: t("{who} changed when {what} is due"), params };
  if (only === "assignee_id") return { pattern: t("{who} changed who does {what}"), params };
  return { pattern: t("{who} changed {what}"), params };
}

function changedFile(event: Told, _room: RoomView, params: Params): Sentence {
  const only = event.changed?.length === 1 ? event.changed[0] : undefined;
  if (only === "audience" && event.file?.audience === "all") {
    return { pattern: t("{who} shared {what} with the client"), params };
  }
  if (only === "name") return { pattern: t("{who} renamed a file to {what}"), params };
  return { pattern: t("{who} changed {what}"), params };
}

function changedRoom(event: Told, room: RoomView, params: Params): Sentence {
  const only = event.changed?.length === 1 ? event.changed[0] : undefined;
  if (only === "stage_id") {
    const stage = stageName(room.things.process.room_stages.find((one) => one.id === event.room?.stage_id));
    if (stage) return { pattern: t("{who} moved the room to {stage}"), params: { ...params, stage } };
  }
  if (only === "title") return { pattern: t("{who} renamed the room to {what}"), params };
  return { pattern: t("{who} changed the room"), params };
}

function subject(event: Told, room: RoomView): string {
  if (event.message) return firstLine(spoken(event.message.body ?? "", room.addressed));
  if (event.task) return event.task.title ?? room.task(event.task.id)?.title ?? "";
  if (event.entry) return room.task(event.entry.task_id)?.title ?? event.entry.note ?? "";
  if (event.file) return event.file.name ?? room.file(event.file.id)?.name ?? "";
  if (event.member) return room.name(event.member.id);
  return event.room?.title ?? "";
}

function firstLine(body: string): string {
  const line = body.trim().split("\n", 1)[0] ?? "";
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
