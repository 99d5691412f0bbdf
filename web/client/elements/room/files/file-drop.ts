/** Takes files that are dragged on to an element, and shows that it would. */
export class DropZone {
  private depth = 0;
  private readonly stop = new AbortController();

  constructor(
    private readonly element: HTMLElement,
    private readonly take: (files: File[]) => void,
  ) {
    const { signal } = this.stop;
    element.addEventListener("dragenter", (event) => this.over(event, 1), { signal });
    element.addEventListener("dragleave", (event) => this.over(event, -1), { signal });
    element.addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault(), { signal });
    element.addEventListener("drop", (event) => this.dropped(event), { signal });
  }

  end(): void {
    this.stop.abort();
  }

  /** Enter and leave come for every child too. */
  private over(event: DragEvent, step: 1 | -1): void {
    if (!hasFiles(event)) return;
    this.depth = Math.max(0, this.depth + step);
    this.element.classList.toggle("dropping", this.depth > 0);
  }

  private dropped(event: DragEvent): void {
    if (!hasFiles(event)) return;
    event.preventDefault();
    this.depth = 0;
    this.element.classList.remove("dropping");
    this.take([...(event.dataTransfer?.files ?? [])]);
  }
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
}
