/** Challenges: asking the server whether a try to sign in takes work, and having it done beside the page. */
import type { Challenge, Tell } from "../models/challenges";

/** Then the form is sent without: whatever is amiss, the server says it. */
const ANSWERS_WITHIN_MILLISECONDS = 10_000;

type Told = { part: number } | { solution: string };

/** The work that signing in with this e-mail takes now; null when it takes none, or nobody could be asked. */
export async function challengeFor(email: string): Promise<Challenge | null> {
  const response = await fetch("/sign-in/challenge", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({ email }),
    signal: AbortSignal.timeout(ANSWERS_WITHIN_MILLISECONDS),
  }).catch(() => null);
  const answer = (await response?.json().catch(() => null)) as { challenge?: Challenge | null } | null | undefined;
  return answer?.challenge ?? null;
}

/** Has the work done by the script at this address; gives what shows it. */
export function solved(challenge: Challenge, solver: string, tell: Tell): Promise<string> {
  const worker = new Worker(solver);
  return new Promise<string>((resolve, reject) => {
    worker.onerror = () => reject(new Error("The work couldn't be done"));
    worker.onmessage = ({ data }: MessageEvent<Told>) => ("solution" in data ? resolve(data.solution) : tell(data.part));
    worker.postMessage(challenge);
  }).finally(() => worker.terminate());
}
