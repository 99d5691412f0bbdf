/** How long to wait before the nth repeat: doubling to a ceiling, shaken so that a crowd spreads out. */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(4_000, 250 * 2 ** attempt);
  return full / 2 + (random() * full) / 2;
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
