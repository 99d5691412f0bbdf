/** Does a challenge's work beside the page, which goes on answering: given a challenge, tells how far it is, then the solution. */
import { solve } from "./models/challenges";
import type { Challenge } from "./models/challenges";

declare const self: DedicatedWorkerGlobalScope;

const TELLS_EVERY_MILLISECONDS = 100;

self.addEventListener("message", ({ data }: MessageEvent<Challenge>) => {
  let told = performance.now();
  const solution = solve(data, (part) => {
    if (performance.now() - told < TELLS_EVERY_MILLISECONDS) return;
    told = performance.now();
    self.postMessage({ part });
  });
  self.postMessage({ solution });
});
