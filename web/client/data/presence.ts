/** Tells the hub whether someone is at the screen: online, or away when it is out of sight or untouched. */

const UNTOUCHED = 5 * 60_000;
const OUT_OF_SIGHT = 60_000;

type State = "online" | "away";

export class OwnPresence {
  private state: State = "online";
  private due: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly tell: (state: State) => void) {
    for (const sign of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"]) {
      addEventListener(sign, () => this.touched(), { passive: true });
    }
    document.addEventListener("visibilitychange", () => this.touched());
    this.touched();
  }

  /** Says it again, to a hub that may not know. One that knows nothing takes us for online. */
  say(): void {
    if (this.state !== "online") this.tell(this.state);
  }

  private touched(): void {
    clearTimeout(this.due);
    const visible = document.visibilityState === "visible";
    this.due = setTimeout(() => this.become("away"), visible ? UNTOUCHED : OUT_OF_SIGHT);
    if (visible) this.become("online");
  }

  private become(state: State): void {
    if (state === this.state) return;
    this.state = state;
    this.tell(state);
  }
}
