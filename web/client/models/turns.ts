/**
 * Whose turn it is: so many at a time, in the order in which they came, and nobody while somebody asks to wait.
 * `begin` is called when a turn comes.
 */
export class Turns<T> {
  private line: T[] = [];
  private readonly busy = new Set<T>();
  private waking: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly atOnce: number,
    private readonly begin: (one: T) => void,
  ) {}

  /** Gets in line; one whose turn was broken off may stand before the others. */
  take(one: T, { first = false } = {}): void {
    if (this.busy.has(one) || this.line.includes(one)) return;
    if (first) this.line.unshift(one);
    else this.line.push(one);
    this.call();
  }

  /** Done, or gone from the line. */
  end(one: T): void {
    this.busy.delete(one);
    this.line = this.line.filter((other) => other !== one);
    this.call();
  }

  /** Nobody's turn comes for so long; those whose turn it is go on. */
  hold(seconds: number): void {
    clearTimeout(this.waking);
    this.waking = setTimeout(() => {
      this.waking = undefined;
      this.call();
    }, seconds * 1000);
  }

  private call(): void {
    while (this.waking === undefined && this.busy.size < this.atOnce) {
      const next = this.line.shift();
      if (next === undefined) return;
      this.busy.add(next);
      this.begin(next);
    }
  }
}
