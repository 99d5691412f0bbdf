/** The description of the task that is open: a room leaves out long ones, and they are read by themselves. */
import { html, nothing, type LitElement, type ReactiveController } from "lit";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import type { Id, Task } from "../../../contract";
import { taskInFull } from "../../../data/rooms";
import { t } from "../../../models/words";
import { icon } from "../../icon";

interface Full {
  of: Task;
  task: Task | null;
  failed: boolean;
  reading: boolean;
}

export class TaskDescription implements ReactiveController {
  private full: Full | null = null;

  /** `opened` gives the room and the task that its host shows now. */
  constructor(
    private readonly host: LitElement,
    private readonly opened: () => { roomId: Id; task: Task | undefined },
  ) {
    host.addController(this);
  }

  hostUpdate(): void {
    const { task } = this.opened();
    if (task?.description === null && this.full?.of !== task) void this.read(task);
  }

  forget(): void {
    this.full = null;
  }

  /** The task with its description, or null while that isn't there. */
  whole(task: Task): Task | null {
    return task.description === null ? (this.full?.task ?? null) : task;
  }

  drawn(task: Task) {
    const whole = this.whole(task);
    if (!whole) return this.missing(task);
    return whole.html ? html`<div class="wall-words description" tabindex="-1">${unsafeHTML(whole.html)}</div>` : nothing;
  }

  /** It is being read, or couldn't be. */
  missing(task: Task) {
    const { reading, failed } = this.full ?? { reading: true, failed: false };
    if (!failed) {
      return html`<div class="skeleton description-wait" aria-hidden="true"></div>
        <p class="visually-hidden" role="status">${t("Loading…")}</p>`;
    }
    return html`<p class="wall-reason" role="alert">${icon("alert-circle")} ${t("The description couldn't be loaded.")}</p>
      <button type="button" class="btn" aria-disabled=${reading ? "true" : "false"} @click=${() => reading || this.readAgain(task)}>
        ${icon("refresh")} ${t("Try again")}
      </button>`;
  }

  /** What was read before stays until it is there anew. */
  private async read(of: Task): Promise<void> {
    const known = this.full?.of.id === of.id ? this.full.task : null;
    this.show({ of, task: known, failed: this.full?.failed ?? false, reading: true });
    const task = await taskInFull(this.opened().roomId, of.id).catch(() => known);
    if (this.full?.of === of) this.show({ of, task, failed: !task, reading: false });
  }

  private async readAgain(task: Task): Promise<void> {
    await this.read(task);
    await this.host.updateComplete;
    this.host.querySelector<HTMLElement>("[name=description], .description")?.focus();
  }

  private show(full: Full): void {
    this.full = full;
    this.host.requestUpdate();
  }
}
