/** A task in full: read by all who see it, changed by those who may. */
import { html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { Commands, Id, Task } from "../../../contract";
import { newKey, RefusalError, run } from "../../../data/commands";
import { feed } from "../../../data/feed";
import { clock } from "../../../models/clock";
import { calendarDay, day, hours } from "../../../models/time";
import { UNTOUCHED, type LabelDraft } from "../../../models/label-draft";
import { stageName } from "../../../models/room";
import { t } from "../../../models/words";
import { icon } from "../../icon";
import { ask } from "../room-ask";
import { reasonOf } from "../room-element";
import { face, teamMark } from "../room-parts";
import { labelChips, labelsOf } from "./task-labels";
import { due, runningClocks } from "./room-task";
import { TaskDescription } from "./task-description";
import { TaskElement } from "./task-element";
import { ChosenFields, valueOf, type TaskFields, type Touched } from "./task-fields";

@customElement("task-dialog")
export class TaskDialogElement extends TaskElement {
  @state() private shown = false;
  @state() private taskId: string | null = null;
  /** Only what was touched; the rest shows the task as it is told. */
  @state() private touched: TaskFields = {};
  @state() private labels = UNTOUCHED;
  @state() private problem: { message: string; fields: Record<string, string> } | null = null;
  @state() private saving = false;
  /** Ends what waits to be saved when the dialog is closed. */
  private withdrawn = new AbortController();
  /** What was there when somebody began to write their own. */
  private former: { title?: string; description?: string } = {};
  @query("dialog") private dialog!: HTMLDialogElement;
  private readonly description = new TaskDescription(this, () => ({ roomId: this.room.id, task: this.room.task(this.taskId) }));

  override connectedCallback(): void {
    super.connectedCallback();
    this.listen(document, "task-open", (event: CustomEvent<string>) => this.open(event.detail, {}));
    this.listen(this, "labels-drafted", (event: CustomEvent<LabelDraft>) => (this.labels = event.detail));
    this.listen(document, "task-new", (event: CustomEvent<TaskFields>) => this.open(null, event.detail));
  }

  protected override render() {
    const task = this.room.task(this.taskId);
    return html`<dialog class="sheet" aria-label=${task?.title ?? t("New task")} @close=${this.closed} @cancel=${this.cancelled} @click=${this.outside}>
      ${this.inside(task)}
    </dialog>`;
  }

  private inside(task: Task | undefined) {
    if (!this.shown) return nothing;
    if (this.taskId && !task) return this.gone();
    if (this.room.may(task ? "task.change" : "task.create")) return this.form(task);
    return task ? this.reading(task) : nothing;
  }

  private open(taskId: string | null, fields: TaskFields): void {
    this.shown = true;
    this.taskId = taskId;
    this.touched = fields;
    this.problem = null;
    void this.updateComplete.then(() => {
      this.dialog.showModal();
      this.dialog.querySelector<HTMLElement>("[name=title]")?.focus();
    });
  }

  private form(task: Task | undefined) {
    const chosen = new ChosenFields(this.room, task, this.touched, (fields) => this.touch(fields));
    return html`<form method="dialog" @submit=${this.submitted}>
      <header class="sheet-head">
        <input
          class="form-control sheet-title-field ${this.problem?.fields["title"] ? "is-invalid" : ""}"
          name="title"
          required
          maxlength="200"
          aria-label=${t("Title")}
          placeholder=${t("What needs to be done?")}
          .value=${this.touched.title ?? task?.title ?? ""}
          @input=${this.input("title")}
        />
        ${this.closeButton()}
      </header>
      ${task ? this.clockLine(task) : nothing}
      ${chosen.drawn()}
      <task-labels .room=${this.room} .task=${task} .draft=${this.labels}></task-labels>
      ${chosen.warning()}
      ${this.descriptionField(task)}
      ${this.changedMeanwhile(task)}
      ${this.saving && feed.connection !== "live"
        ? html`<p class="text-secondary" role="status">
            ${t("You're offline. It will be done as soon as you're back online.")}
          </p>`
        : nothing}
      ${this.problem
        ? html`<p class="wall-reason" role="alert">
            ${icon("alert-circle")} ${this.problem.message}
          </p>`
        : nothing}
      <footer class="sheet-acts">
        ${task ? this.furtherActs(task) : nothing}
        <button type="button" class="btn ms-auto" @click=${this.close}>${t("Cancel")}</button>
        <button class="btn btn-primary" data-key="mod+enter" data-tip=${task ? t("Save") : t("Add task")} ?disabled=${this.saving}>
          ${task ? t("Save") : t("Add task")}
        </button>
      </footer>
    </form>`;
  }

  private descriptionField(task: Task | undefined) {
    const name = html`<span class="form-label">${t("Description")} <small class="text-secondary">Markdown</small></span>`;
    const kept = task ? this.description.whole(task)?.description : "";
    const text = this.touched.description ?? kept ?? null;
    if (text === null) return html`<div class="field">${name} ${this.description.missing(task!)}</div>`;
    return html`<label class="field">
      ${name}
      <textarea class="form-control" name="description" rows="6" .value=${text} @input=${this.input("description")}></textarea>
    </label>`;
  }

  /** Somebody else saved other words while these were being written. */
  private changedMeanwhile(task: Task | undefined) {
    if (!task) return nothing;
    const now = { title: task.title, description: this.description.whole(task)?.description ?? undefined };
    const changed = (["title", "description"] as const).filter(
      (field) => this.touched[field] !== undefined && now[field] !== undefined && now[field] !== this.former[field],
    );
    if (!changed.length) return nothing;
    const theirs = Object.fromEntries(changed.map((field) => [field, undefined]));
    return html`<p class="wall-reason" role="alert">
        ${icon("alert-circle")} ${t("Someone has changed this in the meantime. Saving will replace their changes.")}
      </p>
      <button type="button" class="btn btn-sm align-self-start" @click=${() => this.touch(theirs)}>${t("Show their version")}</button>`;
  }

  private reading(task: Task) {
    const { room } = this;
    return html`<header class="sheet-head">
        <h2 class="sheet-title">${task.title}</h2>
        ${this.closeButton()}
      </header>
      ${this.clockLine(task)}
      <dl class="facts-list">
        <dt>${t("Stage")}</dt>
        <dd>${stageName(room.taskStage(task.stage_id))}</dd>
        <dt>${t("Who does it")}</dt>
        <dd>
          ${task.assignee_id ? html`${face(room, task.assignee_id, "xs")} ${room.name(task.assignee_id)}` : t("Nobody yet")}
        </dd>
        ${task.due_on ? html`<dt>${t("Due")}</dt><dd>${calendarDay(task.due_on)}</dd>` : nothing}
        ${labelsOf(room, task).length ? html`<dt>${t("Labels")}</dt><dd class="task-labels">${labelChips(room, task)}</dd>` : nothing}
      </dl>
      ${this.description.drawn(task)}`;
  }

  private gone() {
    return html`<header class="sheet-head">
        <h2 class="sheet-title">${t("This task is no longer here")}</h2>
        ${this.closeButton()}
      </header>
      <p class="text-secondary">${t("It was removed, or is now for the team only.")}</p>`;
  }

  private clockLine(task: Task) {
    const seconds = this.room.spentOn(task.id, clock.now());
    return html`<p class="sheet-facts">
      ${runningClocks(this.room, task)}
      <span class="fact tabular">${icon("clock")} ${t("{time} spent", { time: hours(seconds) })}</span>
      ${due(task)} ${teamMark(task.audience)}
      <span class="text-secondary">
        ${t("Added by {name}, {day}", { name: this.room.signed(task.author_id, task.acted_by), day: day(task.created_at) })}
      </span>
    </p>`;
  }

  private furtherActs(task: Task) {
    const { room, acts } = this;
    const mine = room.mine?.task_id === task.id;
    return html`
      ${room.may("timer.start") && !task.completed_at
        ? html`<button type="button" class="btn" @click=${() => (mine ? acts.stop() : acts.start(task))}>
            ${mine ? icon("player-stop") : icon("player-play")} ${mine ? t("Stop timer") : t("Start timer")}
          </button>`
        : nothing}
      ${room.may("task.complete")
        ? html`<button type="button" class="btn" @click=${() => (task.completed_at ? acts.reopen(task) : acts.complete(task))}>
            ${task.completed_at ? icon("rotate") : icon("check")} ${task.completed_at ? t("Reopen") : t("Complete")}
          </button>`
        : nothing}
      ${room.may("task.remove")
        ? html`<button
            type="button"
            class="btn btn-ghost-danger btn-icon"
            aria-label=${t("Remove task")}
            data-tip=${t("Remove task")}
            @click=${() => this.erase(task)}
          >
            ${icon("trash")}
          </button>`
        : nothing}
    `;
  }

  private closeButton() {
    return html`<button type="button" class="btn-close" aria-label=${t("Close")} @click=${this.close}></button>`;
  }

  private input(name: "title" | "description") {
    return (event: Event) => {
      const task = this.room.task(this.taskId);
      if (task && this.touched[name] === undefined) this.former[name] = this.description.whole(task)?.[name] ?? "";
      this.touch({ [name]: valueOf(event) });
    };
  }

  private touch(fields: Touched): void {
    const all = Object.entries({ ...this.touched, ...fields }).filter(([, value]) => value !== undefined);
    this.touched = Object.fromEntries(all) as TaskFields;
  }

  private async submitted(event: Event): Promise<void> {
    event.preventDefault();
    this.saving = true;
    try {
      await this.save();
      this.close();
    } catch (problem) {
      if (this.withdrawn.signal.aborted) return;
      this.problem = { message: reasonOf(problem), fields: problem instanceof RefusalError ? problem.fields : {} };
    } finally {
      this.saving = false;
    }
  }

  private async save(): Promise<void> {
    if (this.taskId) {
      await this.saveLabels(this.taskId);
      if (Object.keys(this.touched).length) {
        await run("task.change", { task_id: this.taskId, ...this.touched }, newKey(), this.withdrawn.signal);
      }
    } else {
      const { default_audience: audience } = this.room.things.room;
      const fields = { room_id: this.room.id, title: "", audience, ...this.touched } as Commands["task.create"];
      await this.labelNew((await run("task.create", fields, newKey(), this.withdrawn.signal)) as Task);
    }
  }

  /** A task that is there, but whose labels were refused, isn't created twice. */
  private async labelNew({ id }: Task): Promise<void> {
    try {
      await this.saveLabels(id);
    } catch (problem) {
      this.taskId = id;
      throw problem;
    }
  }

  /** What was saved isn't a draft any more, whatever is refused after it. */
  private async saveLabels(taskId: Id): Promise<void> {
    if (!this.labelled) return;
    const known = ({ id }: { id: Id }) => this.labels.added.includes(id);
    const added = this.room.things.labels.filter(known).map(({ id }) => id);
    await run("task.label", { task_id: taskId, added, removed: [...this.labels.removed] }, newKey(), this.withdrawn.signal);
    this.labels = UNTOUCHED;
  }

  private get labelled(): boolean {
    return this.labels.added.length > 0 || this.labels.removed.length > 0;
  }

  protected override erase(task: Task): Promise<void> {
    this.close();
    return super.erase(task);
  }

  private close(): void {
    this.dialog.close();
  }

  /** The Escape key doesn't throw away what was written. */
  private cancelled(event: Event): void {
    if (event.target !== this.dialog || !this.written) return;
    event.preventDefault();
    void this.discard();
  }

  private async discard(): Promise<void> {
    const sure = await ask({
      title: t("Discard what you wrote?"),
      text: t("It hasn't been saved."),
      act: t("Discard"),
      danger: true,
    });
    if (sure) this.close();
  }

  private get written(): boolean {
    return this.touched.title !== undefined || this.touched.description !== undefined;
  }

  private closed(): void {
    this.shown = false;
    this.withdrawn.abort();
    this.withdrawn = new AbortController();
    this.taskId = null;
    this.touched = {};
    this.labels = UNTOUCHED;
    this.former = {};
    this.description.forget();
  }

  private outside(event: MouseEvent): void {
    if (event.target === this.dialog && !this.labelled && !Object.keys(this.touched).length) this.close();
  }
}
