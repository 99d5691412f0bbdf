/**
 * One beat a second for every clock on the page, on the server's whole seconds: two screens side by
 * side change together. A beat may come late, so clocks count from when they began, not by beats.
 */
import { clock } from "./clock";

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** Calls at each second until the returned function is called. */
export function everySecond(hear: () => void): () => void {
  listeners.add(hear);
  timer ??= setTimeout(beat, untilNextSecond());
  return () => {
    listeners.delete(hear);
    if (listeners.size > 0) return;
    clearTimeout(timer);
    timer = undefined;
  };
}

function beat(): void {
  timer = setTimeout(beat, untilNextSecond());
  for (const hear of [...listeners]) hear();
}

function untilNextSecond(): number {
  return 1000 - (clock.now() % 1000) + 5;
}
