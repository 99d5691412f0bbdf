/** The wire's forms: what the server's event, command and form classes give. */

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
  timer: "timer",
} as const;

export type ThingName = keyof typeof THINGS;

export interface Gone {
  id: Id;
  gone: true;
}

export interface Stage {
  id: Id;
  key: string | null;
  name: string;
  final: boolean;
}

export interface Process {
  id: Id;
  key: string | null;
  name: string;
  room_stages: Stage[];
  task_stages: Stage[];
}

export interface CompanyName {
  id: Id;
  name: string;
}

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

export interface Person {
  id: Id;
  name: string;
  kind: Kind;
}

export interface Member {
  id: Id;
  added_at: Instant;
}

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

export interface Entry {
  id: Id;
  person_id: Id;
  task_id: Id | null;
  note: string;
  audience: Audience;
  started_at: Instant;
  stopped_at: Instant | null;
}

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

export interface Presence {
  id: Id;
  state: "online" | "away" | "offline";
}

export interface Me {
  person_id: Id;
  lens: Lens;
  may: string[];
}

/** What `room.enter` and GET /api/v1/rooms/{id} give of a room. */
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

export interface Account {
  id: Id;
  name: string;
  kind: Kind;
  email: string;
  language: string;
  time_zone: string;
  theme: "auto" | "light" | "dark";
}

export interface RunningTimer {
  entry: Entry;
  room: { id: Id; title: string };
  task: { id: Id; title: string } | null;
}

/** What `stream.enter {stream: "person"}` gives. */
export interface PersonSnapshot {
  person: Account;
  timer: RunningTimer | null;
  rooms: Room[];
}

export interface Position {
  epoch: string | number;
  offset: number;
}

export interface WireEvent {
  name: string;
  at: Position | null;
  stream: string;
  room_id?: Id | null;
  actor_id: Id | null;
  recorded_at: Instant;
  [field: string]: unknown;
}

export interface Commands {
  "room.open": { title: string; process?: string; description?: string; company_id?: Id | null; member_ids?: Id[] };
  "room.change": {
    room_id: Id;
    title?: string;
    description?: string;
    company_id?: Id | null;
    stage_id?: Id;
    default_audience?: "all" | "team";
  };
  "room.archive": { room_id: Id };
  "room.restore": { room_id: Id };
  "member.add": { room_id: Id; person_id: Id };
  "member.remove": { room_id: Id; person_id: Id };
  "message.post": { room_id: Id; body: string; audience?: Audience; attachments?: Id[] };
  "message.edit": { message_id: Id; body: string };
  "message.delete": { message_id: Id };
  "task.create": {
    room_id: Id;
    title: string;
    description?: string;
    assignee_id?: Id | null;
    due_on?: Day | null;
    stage_id?: Id;
    audience?: Audience;
  };
  "task.change": {
    task_id: Id;
    title?: string;
    description?: string;
    assignee_id?: Id | null;
    due_on?: Day | null;
    stage_id?: Id;
    audience?: Audience;
  };
  "task.complete": { task_id: Id };
  "task.reopen": { task_id: Id };
  "task.remove": { task_id: Id };
  "timer.start": { room_id: Id; task_id?: Id | null; note?: string };
  "timer.stop": { note?: string };
  "file.change": { file_id: Id; name?: string; audience?: Audience; task_id?: Id | null };
  "file.remove": { file_id: Id };
  "account.change": { name?: string; language?: string; time_zone?: string; theme?: Account["theme"] };
  "password.change": { old_password: string; new_password: string };
  "session.revoke": { session_id: Id };
  "session.revoke_others": Record<string, never>;
  "person.add": {
    kind: Kind;
    name: string;
    email: string;
    password: string;
    company_id?: Id | null;
    permissions?: string[];
  };
  "company.add": { name: string; email?: string };
}

export type CommandName = keyof Commands;
