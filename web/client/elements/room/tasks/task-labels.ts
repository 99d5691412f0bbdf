/** Labels: what stands on a task, and what to choose it from. */
import { html, nothing } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import type { Id, Label, Task, TaskLabels } from "../../../contract";
import { drafted, toggledLabel, UNTOUCHED, type LabelDraft } from "../../../models/label-draft";
import type { RoomView } from "../../../models/room";
import { byName } from "../../../models/sorting";
import { t } from "../../../models/words";
import { icon } from "../../icon";
import { RoomElement } from "../room-element";
import type { MenuLine } from "../room-menu";
import "../room-menu";
import "./label-sheet";
import type { LabelSheetElement } from "./label-sheet";

/** The labels on each task, by the list that says so: a board asks for every card. */
const onTasks = new WeakMap<readonly TaskLabels[], ReadonlyMap<string, readonly string[]>>();

/** So many stand on one task at most: the server takes no more. */
const AT_MOST = 10;

/** The labels of a task, in the order in which they were put there; one that is yet to be has none. */
export function labelsOf(room: RoomView, task: Task | undefined): Label[] {
  return known(room, (task && labelIds(room.things.labels_of_tasks).get(task.id)) ?? []);
}

/** One that is removed from the list is on no task. */
function known(room: RoomView, ids: readonly Id[]): Label[] {
  return ids.map((id) => room.things.labels.find((label) => label.id === id)).filter((label) => label !== undefined);
}

function labelIds(all: readonly TaskLabels[]): ReadonlyMap<string, readonly string[]> {
  let known = onTasks.get(all);
  if (!known) onTasks.set(all, (known = new Map(all.map(({ task_id, label_ids }) => [task_id, label_ids]))));
  return known;
}

export function labelChips(room: RoomView, task: Task) {
  return labelsOf(room, task).map(chip);
}

function chip({ name, color }: Label) {
  return html`<span class="label" data-color=${color}>${name}</span>`;
}

/** A line for each label to choose, and one to change the list where that is the reader's to do. */
export function labelLines(
  room: RoomView,
  chosen: readonly Id[],
  toggle: (id: Id) => void,
  edit: () => void,
  most = Infinity,
): MenuLine[] {
  const full = chosen.length >= most;
  const lines: MenuLine[] = [...room.things.labels].sort(byName).map(({ id, name, color }) => ({
    label: name,
    color,
    checked: chosen.includes(id),
    several: true,
    stays: true,
    disabled: full && !chosen.includes(id),
    act: () => toggle(id),
  }));
  if (full) lines.unshift({ heading: t("A task has at most {count} labels.", { count: most }) });
  if (room.may("label.add")) lines.push({ label: t("Edit labels…"), icon: "edit", act: edit });
  return lines;
}

/** Whether there is anything about labels that the reader could do here. */
export function hasLabels(room: RoomView): boolean {
  return !room.isClient && (room.things.labels.length > 0 || room.may("label.add"));
}

/** The labels of the task that is open, as they will be when it is saved, and a menu to choose others. */
@customElement("task-labels")
export class TaskLabelsElement extends RoomElement {
  @property({ attribute: false }) task: Task | undefined;
  @property({ attribute: false }) draft: LabelDraft = UNTOUCHED;
  @query("label-sheet") private sheet!: LabelSheetElement;

  protected override render() {
    const { room, task } = this;
    if (!hasLabels(room)) return nothing;
    return html`<div class="field" role="group" aria-label=${t("Labels")}>
        <span class="form-label">${t("Labels")}</span>
        <div class="task-labels">
          ${this.chosen.map(chip)}
          ${room.may("task.label")
            ? html`<room-menu
                label=${task ? t("Labels of {task}", { task: task.title }) : t("Labels of the new task")}
                button-class="btn btn-icon btn-sm"
                .face=${icon("plus")}
                .lines=${() => this.lines()}
              ></room-menu>`
            : nothing}
        </div>
      </div>
      <label-sheet .room=${room}></label-sheet>`;
  }

  private lines(): MenuLine[] {
    const chosen = this.chosen.map(({ id }) => id);
    return labelLines(this.room, chosen, (id) => this.toggle(id), () => this.sheet.show(), AT_MOST);
  }

  private get told(): Id[] {
    return labelsOf(this.room, this.task).map(({ id }) => id);
  }

  private get chosen(): Label[] {
    return known(this.room, drafted(this.told, this.draft));
  }

  private toggle(id: Id): void {
    this.tell("labels-drafted", toggledLabel(this.told, this.draft, id));
  }
}
