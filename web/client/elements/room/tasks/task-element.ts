/** What is done with tasks from the board, the list, the overview and the dialog alike. */
import type { Task } from "../../../contract";
import { t } from "../../../models/words";
import { ask } from "../room-ask";
import { RoomElement } from "../room-element";
import type { TaskActs } from "./room-task";

export abstract class TaskElement extends RoomElement {
  protected readonly acts: TaskActs = {
    open: (task) => this.tell("task-open", task.id),
    start: (task) => void this.act("timer.start", { room_id: this.room.id, task_id: task.id }),
    stop: () => void this.act("timer.stop", {}),
    move: (task, stageId) => void this.move(task, stageId),
    complete: (task) => void this.act("task.complete", { task_id: task.id }),
    reopen: (task) => void this.act("task.reopen", { task_id: task.id }),
    remove: (task) => void this.erase(task),
  };

  /** Whether it was moved. */
  protected move(task: Task, stageId: string): Promise<boolean> {
    return this.act("task.change", { task_id: task.id, stage_id: stageId });
  }

  protected async erase(task: Task): Promise<void> {
    const sure = await ask({
      title: t("Remove {task}?", { task: task.title }),
      text: t("A task with recorded time can only be completed."),
      act: t("Remove"),
      danger: true,
    });
    if (sure) await this.act("task.remove", { task_id: task.id });
  }
}
