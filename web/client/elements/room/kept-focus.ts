/** Keeps the keyboard where it was while its element draws itself anew. */
import type { LitElement, ReactiveController } from "lit";

/** A field that is moved loses the focus; it takes it back. If it is gone, another takes it in its place. */
export class KeptFocus implements ReactiveController {
  private held: HTMLElement | null = null;

  constructor(
    private readonly host: LitElement,
    private readonly other: () => HTMLElement | null,
  ) {
    host.addController(this);
  }

  hostUpdate(): void {
    const { activeElement } = document;
    this.held = activeElement instanceof HTMLElement && this.host.contains(activeElement) ? activeElement : null;
  }

  hostUpdated(): void {
    if (!this.held || document.activeElement !== document.body) return;
    (this.held.isConnected ? this.held : this.other())?.focus();
  }
}
