import { RefusalError, run } from "../../data/commands";
import { t } from "../../models/words";
import { toast } from "../shell/toast-region";

/**
 * `<business-tree>`: businesses that can be dragged onto each other, or out to stand by themselves. What was
 * dragged is a command; the live part inside draws what came of it. Each line's own form is the way by keyboard.
 */
export class BusinessTreeElement extends HTMLElement {
  private dragged = "";
  private readonly root = document.createElement("div");
  private observer: MutationObserver | undefined;

  connectedCallback(): void {
    this.root.className = "tree-root";
    this.root.hidden = true;
    this.root.textContent = this.atTheTop();
    this.append(this.root);
    this.makeDraggable();
    // Lines are drawn anew; what the server doesn't know of is put on again.
    this.observer = new MutationObserver(() => this.makeDraggable());
    this.observer.observe(this, { childList: true, subtree: true });
    for (const [name, hear] of Object.entries(this.listeners)) this.addEventListener(name, hear as EventListener);
  }

  disconnectedCallback(): void {
    this.observer?.disconnect();
    this.root.remove();
    for (const [name, hear] of Object.entries(this.listeners)) this.removeEventListener(name, hear as EventListener);
  }

  private readonly listeners = {
    dragstart: (event: DragEvent) => this.start(event),
    dragover: (event: DragEvent) => this.over(event),
    dragleave: () => this.mark(null),
    drop: (event: DragEvent) => void this.drop(event),
    dragend: () => this.end(),
  };

  private makeDraggable(): void {
    for (const line of this.querySelectorAll<HTMLElement>("li[data-id]")) if (!line.draggable) line.draggable = true;
  }

  private start(event: DragEvent): void {
    const line = lineOf(event);
    if (!line) return;
    this.dragged = line.dataset["id"] ?? "";
    line.classList.add("is-dragged");
    this.root.hidden = false;
    event.dataTransfer?.setData("text/plain", line.dataset["name"] ?? "");
    if (event.dataTransfer) event.dataTransfer.effectAllowed = "move";
  }

  private over(event: DragEvent): void {
    const target = this.targetOf(event);
    if (!target) return;
    event.preventDefault();
    this.mark(target);
  }

  private async drop(event: DragEvent): Promise<void> {
    const target = this.targetOf(event);
    const dragged = this.dragged;
    this.end();
    if (!target) return;
    event.preventDefault();
    await this.move(dragged, target.dataset["id"] ?? null).catch(say);
  }

  protected atTheTop(): string {
    return t("Drop here to move to the top level");
  }

  protected async move(id: string, parentId: string | null): Promise<void> {
    await run("business.move", { business_id: id, parent_id: parentId });
  }

  private end(): void {
    this.dragged = "";
    this.root.hidden = true;
    this.mark(null);
    this.querySelector(".is-dragged")?.classList.remove("is-dragged");
  }

  private targetOf(event: DragEvent): HTMLElement | null {
    if (!this.dragged) return null;
    if (event.target === this.root) return this.root;
    const line = lineOf(event);
    return line && line.dataset["id"] !== this.dragged ? line : null;
  }

  private mark(target: HTMLElement | null): void {
    for (const marked of this.querySelectorAll(".is-target")) if (marked !== target) marked.classList.remove("is-target");
    target?.classList.add("is-target");
  }
}

function lineOf(event: DragEvent): HTMLElement | null {
  return event.target instanceof Element ? event.target.closest<HTMLElement>("li[data-id]") : null;
}

function say(error: unknown): void {
  const text = error instanceof RefusalError ? Object.values(error.fields)[0] ?? error.message : String(error);
  toast(text, "error");
}

customElements.define("business-tree", BusinessTreeElement);
