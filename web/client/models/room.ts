/** A room as its page asks about it: the folded things with their names, rights and clocks looked up. */
import type { Absence, ActedBy, Counts, Day, Department, Entry, FileForm, Message, Person, Presence, Process, Snapshot, Stage, Task, WireEvent } from "../contract";
import { firstOfMonth, mondayOf } from "./days";
import { secondsOf, secondsWithin } from "./hours";
import { reaching, type Addressee } from "./mentions";
import type { Part } from "../parts";
import { countsOf } from "./parts";
import { inWords } from "./pseudonyms";
import { signed } from "./signatures";
import { byName } from "./sorting";
import { dayKey } from "./time";
import { t } from "./words";

export type Here = Presence["state"];

export class RoomView {
  private readonly persons: Map<string, Person>;
  private readonly presences: Map<string, Here>;
  private readonly runningByPerson: Map<string, Entry>;
  private readonly secondsByTask = new Map<string, number>();

  private readonly units: Map<string, Department>;
  private reached: Set<string> | null = null;

  /** Who of the team is or will be away, and the departments, are known to the team alone. Of some parts there may be a
   * glance only. */
  constructor(
    readonly things: Snapshot,
    private readonly absences: readonly Absence[] = [],
    private readonly departments: readonly Department[] = [],
    private readonly parts: ReadonlySet<Part> | null = null,
  ) {
    this.units = byId(departments);
    this.persons = byId(things.persons.map((person) => ({ ...person, name: inWords(person.name) })));
    this.presences = new Map(things.presences.map((presence) => [presence.id, presence.state]));
    this.runningByPerson = new Map(this.running.map((entry) => [entry.person_id, entry]));
    for (const entry of things.entries) {
      if (!entry.task_id || !entry.stopped_at) continue;
      this.secondsByTask.set(entry.task_id, (this.secondsByTask.get(entry.task_id) ?? 0) + secondsOf(entry, 0));
    }
  }

  get id(): string {
    return this.things.room.id;
  }

  get myId(): string {
    return this.things.me.person_id;
  }

  get isClient(): boolean {
    return this.things.me.lens === "client";
  }

  get isAdmin(): boolean {
    const kind = this.persons.get(this.myId)?.kind ?? this.things.me.lens;
    return kind === "admin" || kind === "superadmin" || kind === "manager";
  }

  get archived(): boolean {
    return Boolean(this.things.room.archived_at);
  }

  /** Rights of the asker; an archived room takes nothing but its restoring. */
  may(command: string): boolean {
    if (this.archived && command !== "room.restore") return false;
    return this.things.me.may.includes(command);
  }

  person(id: string): Person | undefined {
    return this.persons.get(id);
  }

  /** All whose name stands in the room, whether they are in it now or not. */
  get everyone(): Person[] {
    return [...this.persons.values()];
  }

  name(id: string | null | undefined): string {
    if (!id) return "–";
    return this.persons.get(id)?.name ?? (id === this.myId ? t("You") : "–");
  }

  /** A name as it stands under what somebody did, or another in their name. */
  signed(id: string | null | undefined, by: ActedBy | null | undefined): string {
    return signed(this.name(id), by);
  }

  /** Who did what an event tells, as its sentence says it. */
  who(event: WireEvent): string {
    const by = event.actor_name;
    if (event.on_behalf_of && by) return signed(this.name(event.on_behalf_of), { name: by });
    return this.persons.has(event.actor_id ?? "") ? this.name(event.actor_id) : (by ?? this.name(event.actor_id));
  }

  /** The name of somebody who is mentioned, if it is the reader's to know. */
  readonly addressed = (id: string): string | undefined => (this.persons.get(id) ?? this.units.get(id))?.name;

  /** Those whom a name can mean here: the people in the room, by name, oneself too, then departments. */
  get called(): Addressee[] {
    return [
      ...[...this.members].sort(byName).map(({ id, name }): Addressee => ({ id, name, kind: "person" })),
      ...this.departments.map(({ id, name }): Addressee => ({ id, name, kind: "department" })),
    ];
  }

  /** Those whom one can mention. */
  get addressees(): Addressee[] {
    return this.called.filter(({ id }) => id !== this.myId);
  }

  /** Whose mention is the reader's own: they themselves, and the departments that they belong to. */
  get mentioning(): ReadonlySet<string> {
    return (this.reached ??= reaching(this.departments, this.myId).add(this.myId));
  }

  firstName(id: string | null | undefined): string {
    return this.name(id).split(" ")[0] ?? "";
  }

  presence(id: string): Here {
    return this.presences.get(id) ?? "offline";
  }

  /** Those in the room now: who works first, then who is here. */
  get members(): Person[] {
    const order = (person: Person) =>
      this.runningByPerson.has(person.id) ? 0 : { online: 1, away: 2, offline: 3 }[this.presence(person.id)];
    return this.things.members
      .map((member) => this.persons.get(member.id))
      .filter((person): person is Person => person !== undefined)
      .sort((a, b) => order(a) - order(b) || byName(a, b));
  }

  /** Whether it is for nobody outside: for no company, and no client is in it. */
  get isInternal(): boolean {
    return !this.things.room.company && !this.isClient && this.clients.length === 0;
  }

  /** The absence that a person has on a day, today if none is named. */
  absence(personId: string, day: Day = dayKey(Date.now())): Absence | undefined {
    return this.absences.find((absence) => absence.person_id === personId && absence.starts_on <= day && day <= absence.ends_on);
  }

  get clients(): Person[] {
    return this.members.filter((person) => person.kind === "client");
  }

  get running(): Entry[] {
    return this.things.entries
      .filter((entry) => !entry.stopped_at)
      .sort((a, b) => a.started_at.localeCompare(b.started_at));
  }

  runningOf(personId: string): Entry | undefined {
    return this.runningByPerson.get(personId);
  }

  get mine(): Entry | undefined {
    return this.runningByPerson.get(this.myId);
  }

  runningOn(taskId: string): Entry[] {
    return this.running.filter((entry) => entry.task_id === taskId);
  }

  task(id: string | null | undefined): Task | undefined {
    return id ? this.things.tasks.find((task) => task.id === id) : undefined;
  }

  file(id: string): FileForm | undefined {
    return this.things.files.find((file) => file.id === id);
  }

  message(id: string): Message | undefined {
    return this.things.messages.find((message) => message.id === id);
  }

  get stage(): Stage | undefined {
    return this.things.process.room_stages.find((stage) => stage.id === this.things.room.stage_id);
  }

  taskStage(id: string): Stage | undefined {
    return this.things.process.task_stages.find((stage) => stage.id === id);
  }

  /** Whether a part is here whole. */
  has(part: Part): boolean {
    return this.parts === null || this.parts.has(part);
  }

  /** How many there are, here or not. */
  get counts(): Counts {
    const { counts, ...things } = this.things;
    return countsOf(things, counts, (part) => this.has(part));
  }

  /** Whether all tasks that are open are here. */
  get hasOpenTasks(): boolean {
    return this.has("tasks") || this.openTasks.length >= this.counts.open_tasks;
  }

  get openTasks(): Task[] {
    return this.things.tasks.filter((task) => !task.completed_at);
  }

  /** Time spent on a task in what the page has of it, running clocks included. */
  spentOn(taskId: string, now: number): number {
    const running = this.runningOn(taskId).reduce((sum, entry) => sum + secondsOf(entry, now), 0);
    return (this.secondsByTask.get(taskId) ?? 0) + running;
  }

  secondsThisWeek(now: number): number {
    return this.secondsSince(mondayOf(dayKey(now)), now);
  }

  secondsThisMonth(now: number): number {
    return this.secondsSince(firstOfMonth(dayKey(now)), now);
  }

  private secondsSince(day: string, now: number): number {
    return this.things.entries.reduce((sum, entry) => sum + secondsWithin(entry, day, null, now), 0);
  }
}

export function byId<T extends { id: string }>(list: readonly T[]): Map<string, T> {
  return new Map(list.map((item) => [item.id, item]));
}

export function stageName(stage: Stage | undefined): string {
  return stage ? builtIn(stage.name) : "";
}

/** What is built in has its name in the reader's language; what a firm named, as the firm does. */
export function builtIn(name: string): string {
  const known: Record<string, string> = {
    Planned: t("Planned"),
    "To do": t("To do"),
    "In progress": t("In progress"),
    "Waiting for the client": t("Waiting for the client"),
    "In review": t("In review"),
    Done: t("Done"),
  };
  return known[name] ?? name;
}

export function processName(process: Process): string {
  return process.name === "Projects" ? t("Projects") : process.name;
}
