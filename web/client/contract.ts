/** The wire's forms, events and commands. Made from the server's classes by `python -m hub.contract`. */

export type Id = string;
export type Instant = string;
export type Day = string;
export type Audience = "all" | "team" | "money" | "managers";
export type Lens = "client" | "staff" | "manager";
export type Kind = "superadmin" | "admin" | "staff" | "client";

/** A thing's name in an event → the name of its list in a snapshot; the same where there is just one. */
export const THINGS = {
  room: "room",
  process: "process",
  person: "persons",
  member: "members",
  message: "messages",
  task: "tasks",
  entry: "entries",
  file: "files",
  presence: "presences",
  account: "account",
  timer: "timers",
  membership: "memberships",
  company: "companies",
} as const;

export type ThingName = keyof typeof THINGS;

/** A place in a stream's log, as an event carries it. */
export interface Position {
  epoch: string;
  offset: number;
}

export interface WireEvent {
  name: string;
  at: Position | null;
  stream: string;
  room_id?: Id;
  actor_id: Id | null;
  recorded_at: Instant;
  [field: string]: unknown;
}

/** A person as they see themselves. */
export interface Account {
  id: Id;
  name: string;
  kind: Kind;
  email: string;
  business_id: Id | null;
  language: string;
  time_zone: string;
  theme: string;
  permissions: string[];
}

export interface Business {
  id: Id;
  name: string;
  language: string;
  time_zone: string;
}

/** What concerns a business's team. */
export interface BusinessSnapshot {
  timers: Timer[];
}

export interface Company {
  id: Id;
  name: string;
  email: string | null;
}

/** A company, by name. */
export interface CompanyName {
  id: Id;
  name: string;
}

/** A stretch of work; ``stopped_at`` is null while it runs. */
export interface Entry {
  id: Id;
  person_id: Id;
  task_id: Id | null;
  note: string;
  audience: Audience;
  started_at: Instant;
  stopped_at: Instant | null;
}

/** A file in the room. */
export interface FileForm {
  id: Id;
  name: string;
  media_type: string;
  size: number;
  audience: Audience;
  author_id: Id;
  task_id: Id | null;
  added_at: Instant;
  width: number | null;
  height: number | null;
  preview: boolean;
}

/** What is left of a thing that was removed. */
export interface Gone {
  id: Id;
  gone: true;
}

/** Who asks, as the room sees them: their lens, and the commands that they may give. */
export interface Me {
  person_id: string;
  lens: Lens;
  may: string[];
}

/** Someone who is in the room now; the identifier is the person's. */
export interface Member {
  id: Id;
  added_at: Instant;
}

/** A room that the person is in; the identifier is the room's. */
export interface Membership {
  id: Id;
  added_at: Instant;
}

/** A message on the wall: as written (Markdown) and as shown (safe HTML). */
export interface Message {
  id: Id;
  author_id: Id;
  body: string;
  html: string;
  audience: Audience;
  attachments: Id[];
  posted_at: Instant;
  edited_at: Instant | null;
}

/** A person as others see them. */
export interface Person {
  id: Id;
  name: string;
  kind: Kind;
}

/** What concerns one person alone. */
export interface PersonSnapshot {
  account: Account;
  timers: Timer[];
  memberships: Membership[];
}

/** Whether a member is here; the identifier is the person's. */
export interface Presence {
  id: Id;
  state: "online" | "away" | "offline";
}

/** The procedure that a room is a card of: its stages, and those of its tasks. */
export interface Process {
  id: Id;
  key: string | null;
  name: string;
  room_stages: Stage[];
  task_stages: Stage[];
}

/** A room: a project and everything about it. */
export interface Room {
  id: Id;
  title: string;
  description: string;
  html: string;
  process_id: Id;
  stage_id: Id;
  company: CompanyName | null;
  default_audience: "all" | "team";
  opened_at: Instant;
  archived_at: Instant | null;
}

/** One of a person's own sign-ins. */
export interface Session {
  id: Id;
  address: string;
  agent: string;
  created_at: Instant;
  seen_at: Instant;
  current: boolean;
}

/** A room's whole state, as the asker sees it. */
export interface Snapshot {
  room: Room;
  process: Process;
  persons: Person[];
  members: Member[];
  messages: Message[];
  tasks: Task[];
  entries: Entry[];
  files: FileForm[];
  presences: Presence[];
  me: Me;
}

/** A step of a process. ``key`` names a built-in one, whose name is translated where it is shown. */
export interface Stage {
  id: Id;
  key: string | null;
  name: string;
  final: boolean;
}

/** Something to do. */
export interface Task {
  id: Id;
  title: string;
  description: string;
  html: string;
  assignee_id: Id | null;
  due_on: Day | null;
  stage_id: Id;
  audience: Audience;
  author_id: Id;
  created_at: Instant;
  completed_at: Instant | null;
}

/** A running entry with the names around it, for where the room itself isn't at hand. */
export interface Timer {
  id: Id;
  person_id: Id;
  person_name: string;
  room_id: Id;
  room_title: string;
  company_name: string | null;
  task_id: Id | null;
  task_title: string | null;
  note: string;
  started_at: Instant;
}

/** Every command's fields, by name, and the socket's own asks. */
export interface Commands {
  "business.open": {
    business_name: string;
    language?: string;
    time_zone?: string;
  };
  "person.add": {
    kind: "admin" | "staff" | "client";
    name: string;
    email: string;
    password: string;
    company_id?: Id | null;
    permissions?: ("projects" | "clients" | "staff" | "invoicing" | "tickets" | "own_leave" | "hours")[];
    language?: "en" | "ro" | "uk" | null;
    business_id?: Id | null;
  };
  "company.add": {
    name: string;
    email?: string | null;
  };
  "password.change": {
    old_password: string;
    new_password: string;
  };
  "session.revoke": {
    session_id: Id;
  };
  "other_sessions.revoke": Record<string, never>;
  "room.open": {
    title: string;
    process?: string;
    description?: string;
    company_id?: Id | null;
    member_ids?: Id[];
    default_audience?: "all" | "team";
  };
  "room.change": {
    room_id: Id;
    title?: string | null;
    description?: string | null;
    company_id?: Id | null;
    stage_id?: Id | null;
    default_audience?: "all" | "team" | null;
  };
  "room.archive": {
    room_id: Id;
  };
  "room.restore": {
    room_id: Id;
  };
  "member.add": {
    room_id: Id;
    person_id: Id;
  };
  "member.remove": {
    room_id: Id;
    person_id: Id;
  };
  "account.change": {
    name?: string | null;
    language?: "en" | "ro" | "uk" | null;
    time_zone?: string | null;
    theme?: "auto" | "light" | "dark" | null;
  };
  "message.post": {
    room_id: Id;
    body?: string;
    audience?: Audience | null;
    attachments?: Id[];
  };
  "message.edit": {
    message_id: Id;
    room_id?: Id | null;
    body: string;
  };
  "message.delete": {
    message_id: Id;
    room_id?: Id | null;
  };
  "task.create": {
    room_id: Id;
    title: string;
    description?: string;
    assignee_id?: Id | null;
    due_on?: Day | null;
    stage_id?: Id | null;
    audience?: Audience | null;
  };
  "task.change": {
    task_id: Id;
    room_id?: Id | null;
    title?: string | null;
    description?: string | null;
    assignee_id?: Id | null;
    due_on?: Day | null;
    stage_id?: Id | null;
    audience?: Audience | null;
  };
  "task.complete": {
    task_id: Id;
    room_id?: Id | null;
  };
  "task.reopen": {
    task_id: Id;
    room_id?: Id | null;
  };
  "task.remove": {
    task_id: Id;
    room_id?: Id | null;
  };
  "timer.start": {
    room_id: Id;
    task_id?: Id | null;
    note?: string;
  };
  "timer.stop": {
    note?: string | null;
  };
  "file.change": {
    file_id: Id;
    room_id?: Id | null;
    name?: string | null;
    audience?: Audience | null;
    task_id?: Id | null;
  };
  "file.remove": {
    file_id: Id;
    room_id?: Id | null;
  };
  "room.enter": {
    room_id: Id;
    epoch?: string | null;
    after?: number | null;
    lens?: string | null;
  };
  "room.leave": {
    room_id: Id;
  };
  "stream.enter": {
    stream: "person" | "business";
    epoch?: string | null;
    after?: number | null;
    lens?: string | null;
  };
  "stream.leave": {
    stream: "person" | "business";
  };
  "signal.send": {
    room_id: Id;
    kind: string;
    data?: unknown;
    audience?: Audience | null;
  };
  "presence.set": {
    state: "online" | "away";
  };
}

export type CommandName = keyof Commands;

/** What every event carries, by name. */
export interface Events {
  "account.changed": {
    account: Account;
    changed: string[];
  };
  "business.opened": {
    business: Business;
  };
  "company.added": {
    company: Company;
  };
  "entry.changed": {
    entry: Entry;
  };
  "entry.withdrawn": {
    entry: Gone;
  };
  "file.added": {
    file: FileForm | Gone;
  };
  "file.changed": {
    file: FileForm | Gone;
    changed: string[];
  };
  "file.removed": {
    file: Gone;
  };
  "file.withdrawn": {
    file: Gone;
  };
  "member.added": {
    member: Member;
    person: Person;
  };
  "member.removed": {
    member: Gone;
  };
  "membership.added": {
    membership: Membership;
  };
  "membership.removed": {
    membership: Gone;
  };
  "message.deleted": {
    message: Gone;
  };
  "message.edited": {
    message: Message | Gone;
  };
  "message.posted": {
    message: Message | Gone;
  };
  "person.added": {
    person: Person;
  };
  "person.changed": {
    person: Person;
    changed: string[];
  };
  "presence.changed": {
    presence: Presence;
  };
  "presences.changed": {
    presences: Presence[];
  };
  "room.archived": {
    room: Room;
  };
  "room.changed": {
    room: Room;
    changed: string[];
  };
  "room.closed": {
    reason: "removed";
  };
  "room.opened": {
    room: Room;
    process?: Process | null;
  };
  "room.reset": {
    reason: "changed";
  };
  "room.restored": {
    room: Room;
  };
  "session.ended": Record<string, never>;
  "sessions.revoked": {
    reason: string;
  };
  "signal.sent": {
    kind: string;
    data?: unknown;
  };
  "stream.closed": {
    reason: "removed";
  };
  "stream.reset": {
    reason: "changed";
  };
  "task.changed": {
    task: Task | Gone;
    changed: string[];
  };
  "task.completed": {
    task: Task | Gone;
  };
  "task.created": {
    task: Task | Gone;
  };
  "task.removed": {
    task: Gone;
  };
  "task.reopened": {
    task: Task | Gone;
  };
  "task.withdrawn": {
    task: Gone;
  };
  "timer.started": {
    entry?: Entry | null;
    timer?: Timer | null;
  };
  "timer.stopped": {
    entry?: Entry | null;
    timer?: Gone | null;
  };
}

export type EventName = keyof Events;
