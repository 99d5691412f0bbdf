/** A room's reads over HTTP: what lies further back than its snapshot, and who could join it. */
import type { CompanyName, Day, Department, Entry, Id, ListedPerson, Reads, Task } from "../contract";
import { beginningOf } from "../models/days";
import type { Part } from "../parts";
import { drawnFor } from "./page";
import type { Parts } from "./stream";

/** These parts whole, and of the others what the room lives by. */
export async function roomByPart(roomId: Id, parts: readonly Part[]): Promise<Parts> {
  return (await answer<Reads["room"]>(`rooms/${roomId}`, { parts: parts.join() || "none" })) as unknown as Parts;
}

/** As many as one answer bears; `earlier` says whether there are more. */
export async function messagesBefore(roomId: Id, messageId: Id): Promise<Reads["room_messages"]> {
  return answer(`rooms/${roomId}/messages`, { before: messageId });
}

/** A task with its description, however long. */
export async function taskInFull(roomId: Id, taskId: Id): Promise<Task> {
  return (await answer<Reads["task"]>(`rooms/${roomId}/tasks/${taskId}`, {})).task;
}

/** Entries that reach into these days, `to` being the first day after them. */
export async function entriesBetween(roomId: Id, from: Day, to: Day): Promise<Entry[]> {
  const query = { from: instant(from), to: instant(to) };
  return (await answer<Reads["room_entries"]>(`rooms/${roomId}/entries`, query)).entries;
}

function instant(day: Day): string {
  return new Date(beginningOf(day)).toISOString();
}

export interface TimelineQuery {
  before?: number | undefined;
  names?: readonly string[];
  personId?: Id | null;
}

/** Newest first; `earlier` says whether there are more. */
export async function timeline(roomId: Id, query: TimelineQuery): Promise<Reads["room_timeline"]> {
  const params: Record<string, string> = {};
  if (query.before !== undefined) params["before"] = String(query.before);
  if (query.names?.length) params["names"] = query.names.join(",");
  if (query.personId) params["person_id"] = query.personId;
  return answer(`rooms/${roomId}/timeline`, params);
}

export async function people(): Promise<ListedPerson[]> {
  return (await answer<Reads["people"]>("people", {})).people;
}

export async function departments(): Promise<Department[]> {
  return (await answer<Reads["departments"]>("departments", {})).departments;
}

export async function companies(): Promise<CompanyName[]> {
  return (await answer<Reads["companies"]>("companies", {})).companies;
}

async function answer<T>(path: string, params: Record<string, string>): Promise<T> {
  const query = new URLSearchParams(params).toString();
  const response = await fetch(`/api/v1/${path}${query ? `?${query}` : ""}`, {
    headers: { Accept: "application/json", ...drawnFor },
    credentials: "same-origin",
  });
  if (!response.ok) throw new Error(`${response.status}`);
  return (await response.json()) as T;
}
