/**
 * The base of our elements: they draw into the page itself, so that its styles apply, and leave what
 * the server drew inside them standing until they have something to draw in its place.
 */
import { LitElement } from "lit";
import type { PropertyValues } from "lit";

export abstract class LightElement extends LitElement {
  private tookOver = false;
  private readonly endings: (() => void)[] = [];

  /** Whether there is something to draw yet. */
  protected get drawable(): boolean {
    return true;
  }

  /** What ends with the element's time in the page: give what `subscribe` and the like gave. */
  protected until(ending: () => void): void {
    this.endings.push(ending);
  }

  /** Hears an event of the window, the document or another element while this one is in the page. */
  protected listen<E extends Event>(target: EventTarget, name: string, hear: (event: E) => void): void {
    target.addEventListener(name, hear as EventListener);
    this.until(() => target.removeEventListener(name, hear as EventListener));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const ending of this.endings.splice(0)) ending();
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override shouldUpdate(_changed: PropertyValues): boolean {
    return this.tookOver || this.drawable;
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (this.tookOver) return;
    this.tookOver = true;
    this.replaceChildren();
    delete this.renderOptions.renderBefore;
  }
}
