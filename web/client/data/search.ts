/** What the asker may find anywhere. */

export interface Found {
  kind: "room" | "person" | "task" | "message" | "file" | "company";
  title: string;
  detail: string;
  url: string;
}

/** What there is that the asker can't open, by name only. */
export interface Closed {
  kind: "room" | "client";
  title: string;
}

export interface Results {
  results: Found[];
  closed: Closed[];
  /** Whom to ask about what is closed. */
  ask: string[];
}

const NOTHING: Results = { results: [], closed: [], ask: [] };

export async function search(words: string, signal: AbortSignal): Promise<Results> {
  const answer = await fetch(`/api/v1/search?q=${encodeURIComponent(words)}`, { signal });
  if (!answer.ok) return NOTHING;
  return { ...NOTHING, ...((await answer.json()) as Results) };
}
