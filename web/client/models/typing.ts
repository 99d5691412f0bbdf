/** Who is typing now: each signal counts for a few seconds, a message ends it. */
const COUNTS_FOR = 5_000;

export class Typing {
  private readonly since = new Map<string, number>();

  heard(personId: string, now: number): void {
    this.since.set(personId, now);
  }

  stopped(personId: string): void {
    this.since.delete(personId);
  }

  now(now: number): string[] {
    return [...this.since].filter(([, at]) => now - at < COUNTS_FOR).map(([personId]) => personId);
  }
}
