import type { Reads } from "../contract";

/** What the asker may find anywhere, and by name only what is closed to them. */
export type Results = Reads["search"];

const NOTHING: Results = { results: [], closed: [], ask: [] };

export async function search(words: string, signal: AbortSignal): Promise<Results> {
  const answer = await fetch(`/api/v1/search?q=${encodeURIComponent(words)}`, { signal });
  if (!answer.ok) return NOTHING;
  return { ...NOTHING, ...((await answer.json()) as Results) };
}
