/** The fields of a task's dialog that are chosen: its stage, who does it, when it is due, and who sees it. */
import { html, nothing } from "lit";
import type { Absence, Audience, Commands, Task } from "../../../contract";
import { stageName, type RoomView } from "../../../models/room";
import { byName } from "../../../models/sorting";
import { calendarDay } from "../../../models/time";
import { t } from "../../../models/words";
import { icon } from "../../icon";
import { onLeave } from "../room-parts";

export type TaskFields = Omit<Commands["task.change"], "task_id" | "room_id">;

/** What of a task was touched; undefined takes a touch back. */
export type Touched = { [Name in keyof TaskFields]?: TaskFields[Name] | null | undefined };

interface Option {
  value: string;
  label: string;
  chosen: boolean;
}

/** One task's fields, or those of a new one: as they are told, but for what was touched. */
export class ChosenFields {
  constructor(
    private readonly room: RoomView,
    private readonly task: Task | undefined,
    private readonly touched: TaskFields,
    private readonly touch: (fields: Touched) => void,
  ) {}

  drawn() {
    return html`<div class="sheet-grid">
      ${this.select("stage_id", t("Stage"), this.stages())}
      ${this.select("assignee_id", t("Who does it"), this.members())}
      <label class="field">
        <span class="form-label">${t("Due")}</span>
        <input
          class="form-control"
          type="date"
          name="due_on"
          .value=${this.due ?? ""}
          @input=${(event: Event) => this.touch({ due_on: valueOf(event) || null })}
        />
      </label>
      ${this.select("audience", t("Who sees it"), this.audiences())}
    </div>`;
  }

  /** Whoever is away can be given a task all the same; who gives it is to know. */
  warning() {
    const absence = this.assignee && !this.task?.completed_at ? this.absence(this.assignee) : undefined;
    if (!absence) return nothing;
    return html`<p class="away-mark" role="status">
      ${icon("beach")}
      ${t("{name} is on leave from {first} to {last}.", {
        name: this.room.name(absence.person_id),
        first: calendarDay(absence.starts_on),
        last: calendarDay(absence.ends_on),
      })}
    </p>`;
  }

  private select(name: "stage_id" | "assignee_id" | "audience", label: string, options: Option[]) {
    return html`<label class="field">
      <span class="form-label">${label}</span>
      <select class="form-select" name=${name} @change=${(event: Event) => this.touch({ [name]: valueOf(event) || null })}>
        ${options.map((option) => html`<option value=${option.value} ?selected=${option.chosen}>${option.label}</option>`)}
      </select>
    </label>`;
  }

  private get assignee(): string | null | undefined {
    return this.touched.assignee_id === undefined ? this.task?.assignee_id : this.touched.assignee_id;
  }

  private get due(): string | null | undefined {
    return this.touched.due_on === undefined ? this.task?.due_on : this.touched.due_on;
  }

  private stages(): Option[] {
    const stages = this.room.things.process.task_stages;
    const chosen = this.touched.stage_id ?? this.task?.stage_id ?? stages[0]?.id;
    return stages.map((stage) => ({ value: stage.id, label: stageName(stage), chosen: stage.id === chosen }));
  }

  private members(): Option[] {
    const chosen = this.assignee;
    const members = this.room.members.filter((person) => person.kind !== "client").sort(byName);
    const former = chosen && !members.some((person) => person.id === chosen) ? this.room.person(chosen) : undefined;
    return [
      { value: "", label: t("Nobody yet"), chosen: !chosen },
      ...[...members, ...(former ? [former] : [])].map((person) => ({
        value: person.id,
        label: this.absence(person.id) ? `${person.name} – ${onLeave(this.absence(person.id)!)}` : person.name,
        chosen: person.id === chosen,
      })),
    ];
  }

  /** Their absence today, else on the day that the task is due. */
  private absence(personId: string): Absence | undefined {
    return this.room.absence(personId) ?? (this.due ? this.room.absence(personId, this.due) : undefined);
  }

  private audiences(): Option[] {
    const chosen: Audience = this.touched.audience ?? this.task?.audience ?? this.room.things.room.default_audience;
    const clients = this.room.clients.map((person) => person.name).join(", ");
    return [
      {
        value: "all",
        label: clients ? t("Everyone here, including {names}", { names: clients }) : t("Everyone here"),
        chosen: chosen === "all",
      },
      { value: "team", label: t("Team only"), chosen: chosen === "team" },
    ];
  }
}

export function valueOf(event: Event): string {
  return (event.target as HTMLInputElement | HTMLSelectElement).value;
}
