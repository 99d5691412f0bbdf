/** Challenges: asking the server whether a try to sign in takes work, and having it done beside the page. */
import type { Challenge, Tell } from "../models/challenges";

/** Then the form is sent without: whatever is amiss, the server says it. */
const ANSWERS_WITHIN_MILLISECONDS = 10_000;
/** Then the work's script didn't come, and the same holds. */
const BEGINS_WITHIN_MILLISECONDS = 20_000;

type SolverMessage = { part: number } | { solution: string };

/** The work that signing in with this e-mail takes now; null when it takes none, or nobody could be asked. */
export async function challengeFor(email: string, within = ANSWERS_WITHIN_MILLISECONDS): Promise<Challenge | null> {
  const response = await fetch("/sign-in/challenge", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({ email }),
    signal: AbortSignal.timeout(within),
  }).catch(() => null);
  const answer = (await response?.json().catch(() => null)) as { challenge?: Challenge | null } | null | undefined;
  return answer?.challenge ?? null;
}

/** Has the work done by the script at this address; gives what shows it. It has to begin within a while. */
export function solved(challenge: Challenge, solver: string, tell: Tell, within = BEGINS_WITHIN_MILLISECONDS): Promise<string> {
  const worker = new Worker(solver);
  let late: ReturnType<typeof setTimeout> | undefined;
  return new Promise<string>((resolve, reject) => {
    const fail = (): void => reject(new Error("The work couldn't be done"));
    worker.onerror = fail;
    late = setTimeout(fail, within);
    worker.onmessage = ({ data }: MessageEvent<SolverMessage>) => {
      clearTimeout(late);
      if ("solution" in data) resolve(data.solution);
      else tell(data.part);
    };
    worker.postMessage(challenge);
  }).finally(() => {
    clearTimeout(late);
    worker.terminate();
  });
}
