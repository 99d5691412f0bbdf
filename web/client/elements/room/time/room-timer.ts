/** The room's clock for the asker: start it on a task or in general, switch, stop. */
import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Task } from "../../../contract";
import { byUrgency } from "../../../models/board";
import { t } from "../../../models/words";
import { icon } from "../../icon";
import { RoomElement } from "../room-element";
import "../room-menu";
import type { MenuItem, MenuLine } from "../room-menu";
import "../../shell/ticking-clock";

const SHOWN = 12;

@customElement("room-timer")
export class RoomTimerElement extends RoomElement {
  /** As one of the places at the bottom of a phone. */
  @property({ type: Boolean }) place = false;

  protected override render() {
    const { room } = this;
    if (!room.may("timer.start")) return nothing;
    const { mine } = room;
    return this.place ? this.placed(Boolean(mine)) : html`${mine ? this.running(mine.started_at) : nothing}${this.starter(Boolean(mine))}`;
  }

  private running(since: string) {
    return html`<button type="button" class="btn btn-alive" data-key="s" data-tip=${t("Stop the timer")} @click=${this.stop}>
      ${icon("player-stop")} ${t("Stop")} <ticking-clock since=${since}></ticking-clock>
    </button>`;
  }

  private starter(running: boolean) {
    return html`<room-menu
      label=${running ? t("Switch the timer to…") : t("Start timer")}
      keys=${running ? "" : "s"}
      button-class=${running ? "btn btn-icon" : "btn btn-primary"}
      .face=${running ? icon("switch-horizontal") : html`${icon("player-play")} ${t("Start timer")}`}
      .lines=${() => this.lines()}
    ></room-menu>`;
  }

  private placed(running: boolean) {
    if (running) {
      return html`<button type="button" class="room-place room-place-alive" @click=${this.stop}>
        ${icon("player-stop")} <ticking-clock since=${this.room.mine!.started_at}></ticking-clock>
      </button>`;
    }
    return html`<room-menu
      label=${t("Timer")}
      button-class="room-place"
      .face=${html`${icon("player-play")} <span>${t("Timer")}</span>`}
      .lines=${() => this.lines()}
    ></room-menu>`;
  }

  private lines(): MenuLine[] {
    const { room } = this;
    if (!room.hasOpenTasks) this.tell("room-part", ["tasks"]);
    const open = room.openTasks.sort((a, b) => byUrgency(room, a, b));
    const mine = open.filter((task) => task.assignee_id === room.myId);
    const others = open.filter((task) => task.assignee_id !== room.myId);
    return [
      { label: t("The room in general"), icon: "door", act: () => void this.start(null) },
      ...headed(t("My tasks"), mine.slice(0, SHOWN).map((task) => this.line(task))),
      ...headed(t("Other tasks"), others.slice(0, SHOWN).map((task) => this.line(task))),
    ];
  }

  private line(task: Task): MenuItem {
    return { label: task.title, icon: "player-play", act: () => void this.start(task.id) };
  }

  private async start(taskId: string | null): Promise<void> {
    await this.act("timer.start", { room_id: this.room.id, ...(taskId ? { task_id: taskId } : {}) });
  }

  private async stop(): Promise<void> {
    await this.act("timer.stop", {});
  }
}

function headed(heading: string, lines: MenuLine[]): MenuLine[] {
  return lines.length ? [{ heading }, ...lines] : [];
}
