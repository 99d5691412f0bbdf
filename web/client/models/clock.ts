/**
 * The server's clock as this device knows it. The device's own clock is believed until the
 * server proves it wrong: what was written at T arrives after T, what was asked at S is answered
 * after S. So a ticking clock moves only when it must, and by as little as it can.
 */
export class ServerClock {
  private lowest = -Infinity;
  private highest = Infinity;

  constructor(private readonly device: () => number = Date.now) {}

  /** Milliseconds to add to the device's clock. */
  get offset(): number {
    return Math.min(Math.max(0, this.lowest), this.highest);
  }

  now(): number {
    return this.device() + this.offset;
  }

  /** The server wrote this instant some time before now. */
  heard(instant: string): void {
    this.narrow(Date.parse(instant) - this.device(), Infinity);
  }

  /** The server wrote this instant while answering what was asked at `askedAt` (device's clock). */
  answered(instant: string, askedAt: number): void {
    const at = Date.parse(instant);
    this.narrow(at - this.device(), at - askedAt);
  }

  private narrow(low: number, high: number): void {
    if (Number.isNaN(low)) return;
    this.lowest = Math.max(this.lowest, low);
    this.highest = Math.min(this.highest, high);
    // One of the clocks was set anew: what was learnt before says nothing any more.
    if (this.lowest > this.highest) [this.lowest, this.highest] = [low, high];
  }
}

export const clock = new ServerClock();
