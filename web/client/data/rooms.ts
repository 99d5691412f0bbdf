/** A room's reads over HTTP: what lies further back than its snapshot, and who could join it. */
import type { CompanyName, Day, Department, Entry, Id, Message, Person, WireEvent } from "../contract";
import { beginningOf } from "../models/days";

export interface FoundPerson extends Person {
  email?: string;
  company_name?: string | null;
  active?: boolean;
}

export async function messagesBefore(roomId: Id, messageId: Id, limit = 50): Promise<Message[]> {
  return read(`rooms/${roomId}/messages`, { before: messageId, limit: String(limit) }, "messages");
}

/** Entries that reach into these days, `to` being the first day after them. */
export async function entriesBetween(roomId: Id, from: Day, to: Day): Promise<Entry[]> {
  return read(`rooms/${roomId}/entries`, { from: instant(from), to: instant(to) }, "entries");
}

function instant(day: Day): string {
  return new Date(beginningOf(day)).toISOString();
}

export interface TimelineQuery {
  before?: number | undefined;
  names?: readonly string[];
  personId?: Id | null;
  limit?: number;
}

/** Newest first. */
export async function timeline(roomId: Id, query: TimelineQuery): Promise<WireEvent[]> {
  const params: Record<string, string> = { limit: String(query.limit ?? 50) };
  if (query.before !== undefined) params["before"] = String(query.before);
  if (query.names?.length) params["names"] = query.names.join(",");
  if (query.personId) params["person_id"] = query.personId;
  return read(`rooms/${roomId}/timeline`, params, "events");
}

export async function people(): Promise<FoundPerson[]> {
  return read("people", {}, "people");
}

export async function departments(): Promise<Department[]> {
  return read("departments", {}, "departments");
}

export async function companies(): Promise<CompanyName[]> {
  return read("companies", {}, "companies");
}

async function read<T>(path: string, params: Record<string, string>, key: string): Promise<T[]> {
  const query = new URLSearchParams(params).toString();
  const response = await fetch(`/api/v1/${path}${query ? `?${query}` : ""}`, {
    headers: { Accept: "application/json" },
    credentials: "same-origin",
  });
  if (!response.ok) throw new Error(`${response.status}`);
  const answer = (await response.json()) as Record<string, T[]> | T[];
  return Array.isArray(answer) ? answer : (answer[key] ?? []);
}
