/** What the asker may find anywhere. */

export interface Found {
  kind: "room" | "person" | "task" | "message" | "file" | "company";
  title: string;
  detail: string;
  url: string;
}

export async function search(words: string, signal: AbortSignal): Promise<Found[]> {
  const answer = await fetch(`/api/v1/search?q=${encodeURIComponent(words)}`, { signal });
  if (!answer.ok) return [];
  return ((await answer.json()) as { results: Found[] }).results;
}
