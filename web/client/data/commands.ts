/** Commands: over the live connection when there is one, else over HTTP; with the same effect, once. */
import type { Commands } from "../contract";
import { backoff, pause } from "../models/backoff";
import { RefusalError, refusalOf } from "../models/refusal";
import type { WireError } from "../models/refusal";
import { t } from "../models/words";
import { feed } from "./feed";
import { drawnFor } from "./page";

export { RefusalError };

const GIVE_UP_AFTER = 30_000;

/** So long what waits by itself waits before it is tried again. */
export const AGAIN_SECONDS = 3;

interface CommandAnswer {
  ok: boolean;
  result?: unknown;
  error?: WireError;
}

/**
 * Runs a command and gives its result. An answer that was lost is asked for again with the same
 * key, so that it happens once; whoever tries again later passes the key that `newKey` gave.
 *
 * Raises: RefusalError, with what is wrong by field in `fields`; `unreachable` when nobody answered, or when `signal`
 * ends the waiting for somebody who does.
 */
export async function run<Name extends keyof Commands>(
  name: Name,
  fields: Commands[Name],
  key: string = newKey(),
  signal?: AbortSignal,
): Promise<unknown> {
  const until = Date.now() + GIVE_UP_AFTER;
  for (let attempt = 0; ; attempt += 1) {
    const answer = await (feed.connected ? bySocket(name, fields, key) : byHttp(name, fields, key));
    if (answer?.ok) return answer.result;
    const refusal = answer ? refusalOf(answer) : unreachable();
    if (answer && !refusal.passing) throw refusal;
    if (Date.now() > until || signal?.aborted) throw refusal;
    await pause(refusal.retryAfterSeconds ? refusal.retryAfterSeconds * 1000 : backoff(attempt));
    if (signal?.aborted) throw refusal;
  }
}

/** Whether what hinders a command passes by itself, or when its person is signed in again: it waits meanwhile. */
export function passes(problem: unknown): boolean {
  return problem instanceof RefusalError && (problem.passing || ["unreachable", "not_signed_in"].includes(problem.code));
}

/** A key for one intent: the same for every attempt at it. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function bySocket(name: string, fields: object, key: string): Promise<CommandAnswer | null> {
  return (await feed.send(name, { ...fields, key }).catch(() => null)) as CommandAnswer | null;
}

async function byHttp(name: string, fields: object, key: string): Promise<CommandAnswer | null> {
  const response = await fetch(`/api/v1/commands/${name}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": key, ...drawnFor },
    body: JSON.stringify(fields),
  }).catch(() => null);
  if (!response) return null;
  const answer = (await response.json().catch(() => null)) as CommandAnswer | null;
  // A proxy without its server answers too, but not in our words.
  if (!answer || typeof answer.ok !== "boolean") return response.status >= 500 ? null : { ok: false, error: unreadable() };
  return answer;
}

function unreachable(): RefusalError {
  return new RefusalError({
    code: "unreachable",
    message: t("The server can't be reached. Nothing you wrote is lost. Try again in a moment."),
  });
}

function unreadable(): WireError {
  return { code: "unreadable", message: t("The server's answer couldn't be read. Reload the page and try again.") };
}
