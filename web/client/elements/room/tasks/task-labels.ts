/** Labels: what stands on a task, and what to choose it from. */
import { html, nothing } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import type { Label, Task, TaskLabels } from "../../../contract";
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

/** The labels of a task, in the order in which they were put there. */
export function labelsOf(room: RoomView, task: Task): Label[] {
  const ids = labelIds(room.things.labels_of_tasks).get(task.id) ?? [];
  return ids.map((id) => room.things.labels.find((label) => label.id === id)).filter((label) => label !== undefined);
}

function labelIds(all: readonly TaskLabels[]): ReadonlyMap<string, readonly string[]> {
  let known = onTasks.get(all);
  if (!known) onTasks.set(all, (known = new Map(all.map(({ task_id, label_ids }) => [task_id, label_ids]))));
  return known;
}

export function labelChips(room: RoomView, task: Task) {
  return labelsOf(room, task).map((label) => html`<span class="label" data-color=${label.color}>${label.name}</span>`);
}

/** A line for each label to choose, and one to change the list where that is the reader's to do. */
export function labelLines(room: RoomView, chosen: readonly string[], toggle: (id: string) => void, edit: () => void): MenuLine[] {
  const lines: MenuLine[] = [...room.things.labels].sort(byName).map((label) => ({
    label: label.name,
    checked: chosen.includes(label.id),
    several: true,
    act: () => toggle(label.id),
  }));
  if (room.may("label.add")) lines.push({ label: t("Edit labels…"), icon: "edit", act: edit });
  return lines;
}

/** Whether there is anything about labels that the reader could do here. */
export function hasLabels(room: RoomView): boolean {
  return !room.isClient && (room.things.labels.length > 0 || room.may("label.add"));
}

/** The labels of one task, and a menu to put others on it. */
@customElement("task-labels")
export class TaskLabelsElement extends RoomElement {
  @property({ attribute: false }) task!: Task;
  @query("label-sheet") private sheet!: LabelSheetElement;

  protected override render() {
    const { room, task } = this;
    if (!hasLabels(room)) return nothing;
    return html`<div class="task-labels">
        ${labelChips(room, task)}
        ${room.may("task.label")
          ? html`<room-menu
              label=${t("Labels of {task}", { task: task.title })}
              button-class="btn btn-sm"
              .face=${html`${icon("tag")} ${t("Labels")}`}
              .lines=${() => labelLines(room, this.chosen, (id) => this.toggle(id), () => this.sheet.show())}
            ></room-menu>`
          : nothing}
      </div>
      <label-sheet .room=${room}></label-sheet>`;
  }

  private get chosen(): string[] {
    return labelsOf(this.room, this.task).map(({ id }) => id);
  }

  private toggle(id: string): void {
    const { chosen } = this;
    void this.act("task.label", { task_id: this.task.id, [chosen.includes(id) ? "removed" : "added"]: [id] });
  }
}
