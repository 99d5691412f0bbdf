/** The wire's forms, events and commands. Made from the server's classes by `python -m hub.contract`. */

export type Id = string;
export type Instant = string;
export type Day = string;
export type Audience = keyof typeof AUDIENCES;
export type Lens = "client" | "staff" | "manager";
export type Kind = "superadmin" | "admin" | "staff" | "client";

/** The lenses through which what has an audience is seen. */
export const AUDIENCES = {
  all: ["client", "manager", "staff"],
  team: ["manager", "staff"],
  money: ["client", "manager"],
  managers: ["manager"],
} as const;

/** A thing's name in an event → the name of its list in a snapshot; the same where there is just one. */
export const THINGS = {
  absence: "absences",
  account: "account",
  admin: "admins",
  api_token: "api_tokens",
  business: "businesses",
  calendar: "calendar",
  card_reading: "card_readings",
  company: "companies",
  company_note: "company_notes",
  contact: "contacts",
  department: "departments",
  employee: "employees",
  employee_status: "employee_statuses",
  employee_week: "employee_weeks",
  entry: "entries",
  file: "files",
  impersonation: "impersonations",
  installation: "installation",
  label: "labels",
  leave: "leaves",
  leave_allowance: "leave_allowances",
  leave_kind: "leave_kinds",
  letter: "letters",
  mail_settings: "mail_settings",
  member: "members",
  membership: "memberships",
  mention: "mentions",
  message: "messages",
  person: "persons",
  pin: "pins",
  place: "places",
  presence: "presences",
  process: "process",
  quota: "quotas",
  reaction: "reactions",
  registration: "registrations",
  role: "roles",
  room: "room",
  service: "services",
  subscription: "subscriptions",
  task: "tasks",
  task_labels: "labels_of_tasks",
  timer: "timers",
  update: "updates",
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
  /** Who really did it. */
  actor_id: Id | null;
  /** In whose name, where that is another's: the deed stands under this name. */
  on_behalf_of?: Id;
  /** The actor's name, where it can't be looked up among the people whom one sees. */
  actor_name?: string;
  recorded_at: Instant;
  [field: string]: unknown;
}

/** That someone of the team is away; the identifier is the leave's. Of a private kind it is not said which. */
export interface Absence {
  id: Id;
  person_id: Id;
  starts_on: Day;
  ends_on: Day;
  starts_at_noon: boolean;
  ends_at_noon: boolean;
  kind_id: Id | null;
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
  start_page: string;
  phone: string;
  address: string;
  permissions: string[];
}

/** Who really did what stands under another's name: who runs the installation, acting as them. */
export interface ActedBy {
  id: Id;
  name: string;
}

/** An admin, as who runs the installation sees them. */
export interface Admin {
  id: Id;
  name: string;
  email: string;
  business_id: Id;
  active: boolean;
}

/** A token by which a program acts for its person. */
export interface ApiToken {
  id: Id;
  name: string;
  scopes: string[];
  made_at: Instant;
  expires_at: Instant | null;
  used_at: Instant | null;
}

/** What an app needs to make codes: the secret to type, or the address that a QR code says. */
export interface AuthenticatorSetup {
  secret: string | null;
  uri: string | null;
}

export interface Business {
  id: Id;
  name: string;
  language: string;
  time_zone: string;
  country: string | null;
  currency: string;
  working_week: number[];
  hours_a_day: number;
  logo: string | null;
  header: string;
  footer_left: string;
  footer_right: string;
  address: string;
  tax_id: string;
  registration_number: string;
  bank_account: string;
  phone: string;
  email: string;
  website: string;
  meetings_url: string;
  shown_at_sign_in: boolean;
  find_closed: boolean;
}

/** What concerns a business's team. */
export interface BusinessSnapshot {
  absences: Absence[];
  timers: Timer[];
}

/** The country, perhaps the region, whose holidays a business keeps, and the days it works on; the identifier is the */
export interface Calendar {
  id: Id;
  country: string | null;
  region: string | null;
  working_week: number[];
}

/** Someone's card; null is what the asker may not see. */
export interface Card {
  person_id: Id;
  name: string;
  position: string;
  work_phone: string;
  department_ids: Id[];
  work: CardWork | null;
  personal: CardPersonal | null;
  readings: CardReading[] | null;
}

/** What of a card is kept encrypted. */
export interface CardPersonal {
  birth_date: Day | null;
  identity: string;
  tax_number: string;
  address: string;
  home_phone: string;
  rating: number | null;
  notes: string;
}

/** That somebody read, or changed, what is kept about you and isn't for everyone. */
export interface CardReading {
  id: Id;
  acted_by?: ActedBy | null;
  reader_id: Id;
  reader_name: string;
  act: "read" | "changed";
  fields: string[];
  at: Instant;
}

/** A reading: under it, and for a while, the card shows its asker what is kept encrypted. */
export interface CardReadingRef {
  id: Id;
  until: Instant;
}

/** What of a card is for whoever looks after it, and for the person. */
export interface CardWork {
  surname: string | null;
  first_name: string | null;
  patronymic: string | null;
  position: string | null;
  work_phone: string | null;
  mobile_phone: string | null;
  fax: string | null;
  employed_from: Day | null;
  employed_until: Day | null;
  status_id: Id | null;
  messengers: string[];
}

/** What there is that the asker can't open, by name only. */
export interface ClosedName {
  kind: "room" | "client";
  title: string;
}

export interface Company {
  id: Id;
  name: string;
  email: string | null;
  phone: string;
  address: string;
  tax_id: string;
  website: string;
  note: string;
  archived_at: Instant | null;
}

/** A company, by name. */
export interface CompanyName {
  id: Id;
  name: string;
}

/** What someone of the team noted about a company. */
export interface CompanyNote {
  id: Id;
  acted_by?: ActedBy | null;
  company_id: Id;
  author_id: Id;
  body: string;
  written_at: Instant;
}

/** Someone of a company who can be called or written to, but doesn't sign in. */
export interface Contact {
  id: Id;
  company_id: Id;
  name: string;
  role: string;
  phone: string;
  email: string;
}

/** How many there are of what a snapshot of some parts may not have whole, as the asker sees it. */
export interface Counts {
  tasks: number;
  open_tasks: number;
  files: number;
}

/** A department with its people. */
export interface Department {
  id: Id;
  parent_id: Id | null;
  name: string;
  head_id: Id | null;
  deputy_ids: Id[];
  members: Seat[];
}

/** A browser that is known as a person's own, since they signed in there. */
export interface Device {
  id: Id;
  agent: string;
  made_at: Instant;
  used_at: Instant;
}

/** A domain that a business claims, the TXT record that proves it, and how it stands. */
export interface Domain {
  name: string;
  record: string;
  value: string;
  proven_at: Instant | null;
  how: "record" | "superadmin" | "kept" | null;
  missing_since: Instant | null;
  ends_at: Instant | null;
}

/** What a look for a domain's record came to. */
export interface DomainCheck {
  domain: Domain;
  found: "record" | "other" | "nothing" | "failed";
  instead: string[];
}

/** An e-mail that holds, or that waits until the link in its letter is used. */
export interface EmailOutcome {
  email: string;
  waits: boolean;
}

/** What of someone's card their team sees; the identifier is the person's. */
export interface Employee {
  id: Id;
  position: string;
  work_phone: string;
}

/** A status that an employee may have. ``key`` names a built-in one, whose name is translated where it is shown. */
export interface EmployeeStatus {
  id: Id;
  key: string | null;
  name: string;
}

/** The weeks of somebody whose week isn't the business's, the earliest first; the identifier is the person's. */
export interface EmployeeWeek {
  id: Id;
  weeks: Week[];
}

/** Who came into a room with a department; whoever was there before isn't named. */
export interface Enlistment {
  person_ids: Id[];
}

/** A stretch of work; ``stopped_at`` is null while it runs. */
export interface Entry {
  id: Id;
  acted_by?: ActedBy | null;
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
  acted_by?: ActedBy | null;
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

/** What the asker may find anywhere. */
export interface Found {
  kind: "room" | "person" | "company" | "task" | "file" | "message";
  title: string;
  detail: string;
  url: string;
}

/** What is left of a thing that was removed. */
export interface Gone {
  id: Id;
  gone: true;
}

/** A time in which who runs the installation acted as somebody else. */
export interface Impersonation {
  id: Id;
  person_id: Id;
  by_name: string;
  reason: string;
  begun_at: Instant;
  ends_at: Instant;
  ended_at: Instant | null;
  deeds?: number | null;
}

/** What came of an import. */
export interface ImportedWordings {
  changed: number;
  same: number;
  unknown: number;
}

/** What holds for the whole installation. */
export interface Installation {
  id: Id;
  name: string;
  address: string;
  language: string;
  time_zone: string;
  registration_open: boolean;
  notice: string;
  support: string;
  quota_gb: number | null;
}

/** What concerns the whole installation. */
export interface InstallationSnapshot {
  installation: Installation;
}

/** A link by which an invitation is accepted, shown once. */
export interface InvitationLink {
  path: string | null;
  expires_at: Instant;
}

/** A label that the team puts on tasks. */
export interface Label {
  id: Id;
  name: string;
  color: "gray" | "red" | "orange" | "yellow" | "green" | "teal" | "blue" | "violet" | "pink";
}

/** Days off, asked for or approved. At noon: from or until the middle of that day. */
export interface Leave {
  id: Id;
  acted_by?: ActedBy | null;
  person_id: Id;
  kind_id: Id;
  starts_on: Day;
  ends_on: Day;
  starts_at_noon: boolean;
  ends_at_noon: boolean;
  note: string;
  state: "requested" | "approved" | "refused" | "withdrawn" | "cancelled";
  days: Record<string, string>;
  asked_by: Id;
  asked_at: Instant;
  decided_by: Id | null;
  decided_at: Instant | null;
  decision_acted_by?: ActedBy | null;
  reason: string;
}

/** How many days of a kind someone has in a year; the identifier is the person's. */
export interface LeaveAllowance {
  id: Id;
  kind_id: Id;
  year: number;
  entitled: string;
  carried: string;
}

/** A kind of leave. ``key`` names a built-in one, whose name is translated where it is shown. */
export interface LeaveKind {
  id: Id;
  key: string | null;
  name: string;
  color: "teal" | "blue" | "violet" | "green" | "red" | "yellow" | "gray";
  paid: boolean;
  counted: boolean;
  approved: boolean;
  private: boolean;
  days_a_year: string;
  prorated: boolean;
}

/** A letter, without its words and without to whom: those are read from the page alone. */
export interface Letter {
  id: Id;
  kind: string;
  state: "queued" | "sent" | "failed" | "withdrawn";
  tries: number;
  queued_at: Instant;
  sent_at: Instant | null;
}

/** A person as their business's team sees them. */
export interface ListedPerson {
  id: Id;
  name: string;
  kind: Kind;
  email: string | null;
  active: boolean;
  state: "active" | "invited" | "kept" | "waiting" | "locked" | "linked" | "former" | "erased";
  company_name: string | null;
}

/** A token that was made. The secret is shown here and nowhere else; told again, it is null. */
export interface MadeApiToken {
  api_token: ApiToken;
  secret: string | null;
}

/** By which server letters are sent. The password isn't shown. */
export interface MailSettings {
  id: Id;
  server: string;
  port: number;
  security: "starttls" | "tls" | "none";
  username: string;
  has_password: boolean;
  sender_email: string;
  sender_name: string;
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

/** A message that mentions the person, at which they haven't looked yet; ``department_id`` where it named that. */
export interface Mention {
  id: Id;
  acted_by?: ActedBy | null;
  room_id: Id;
  message_id: Id;
  author_id: Id;
  department_id: Id | null;
  mentioned_at: Instant;
}

/** A message on the wall: as written (Markdown) and as shown (safe HTML). */
export interface Message {
  id: Id;
  acted_by?: ActedBy | null;
  author_id: Id;
  body: string;
  html: string;
  audience: Audience;
  attachments: Id[];
  posted_at: Instant;
  edited_at: Instant | null;
  edited_by?: ActedBy | null;
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
  memberships: Membership[];
  mentions: Mention[];
  timers: Timer[];
}

/** A pinned message: who pinned it, and how it begins, as written. */
export interface Pin {
  id: Id;
  acted_by?: ActedBy | null;
  message_id: Id;
  person_id: Id;
  pinned_at: Instant;
  author_id: Id;
  words: string;
  audience: Audience;
}

/** Where a business stands in the tree. */
export interface Place {
  id: Id;
  name: string;
  parent_id: Id | null;
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

/** A process with its stages, which all its rooms share. */
export interface ProcessSnapshot {
  process: Process;
  labels: Label[];
}

/** A provider as its page shows it, without its secret. */
export interface Provider {
  id: Id;
  name: string;
  issuer: string;
  client_id: string;
  domains: string[];
  trusted: boolean;
  added_at: Instant;
}

/** How much the files of a business may take; the identifier is the business's. */
export interface Quota {
  id: Id;
  quota_gb: number | null;
}

/** An emoji under a message, and those who gave it, the first of them first. */
export interface Reaction {
  id: Id;
  message_id: Id;
  emoji: string;
  place: number;
  person_ids: Id[];
  audience: Audience;
}

/** Fresh recovery codes, shown this once; told again, there are none. */
export interface RecoveryCodes {
  recovery_codes: string[] | null;
}

/** Someone who would like to open a business here. */
export interface Registration {
  id: Id;
  business_name: string;
  name: string;
  email: string;
  asked_at: Instant;
  confirm_by: Instant | null;
  confirmed_at: Instant | null;
  decision: string | null;
}

/** A named set of permissions; ``key`` names one that businesses begin with, whose name is translated. */
export interface Role {
  id: Id;
  key: string | null;
  name: string;
  description: string;
  permissions: string[];
}

/** A room: a project and everything about it. In a list of rooms its description is null. */
export interface Room {
  id: Id;
  title: string;
  description: string | null;
  html: string | null;
  process_id: Id;
  stage_id: Id;
  company: CompanyName | null;
  default_audience: "all" | "team";
  opened_at: Instant;
  archived_at: Instant | null;
}

/** Someone in a department; ``main`` where it is their main one. */
export interface Seat {
  person_id: Id;
  main: boolean;
}

/** A product or service that the business offers. */
export interface Service {
  id: Id;
  name: string;
  note: string;
}

/** One of a person's own sign-ins. */
export interface Session {
  id: Id;
  address: string;
  agent: string;
  factor: string;
  created_at: Instant;
  seen_at: Instant;
  current: boolean;
}

/** A room's state, as the asker sees it: whole, or, where parts were asked for, with `counts`. */
export interface Snapshot {
  room: Room;
  process: Process;
  persons: Person[];
  members: Member[];
  messages: Message[];
  reactions: Reaction[];
  pins: Pin[];
  tasks: Task[];
  labels: Label[];
  labels_of_tasks: TaskLabels[];
  entries: Entry[];
  files: FileForm[];
  presences: Presence[];
  me: Me;
  earlier_messages: boolean;
  counts?: Counts | null;
}

/** A step of a process. ``key`` names a built-in one, whose name is translated where it is shown. */
export interface Stage {
  id: Id;
  key: string | null;
  name: string;
  final: boolean;
}

/** A service that a company uses. */
export interface Subscription {
  id: Id;
  company_id: Id;
  service_id: Id;
  since_on: Day;
}

/** Something to do. */
export interface Task {
  id: Id;
  acted_by?: ActedBy | null;
  title: string;
  description: string | null;
  html: string | null;
  assignee_id: Id | null;
  due_on: Day | null;
  stage_id: Id;
  audience: Audience;
  author_id: Id;
  created_at: Instant;
  completed_at: Instant | null;
}

/** The labels that stand on a task. One of them may be gone. */
export interface TaskLabels {
  id: Id;
  task_id: Id;
  label_ids: Id[];
  audience: Audience;
}

/** A running entry with the names around it, for where the room itself isn't at hand. */
export interface Timer {
  id: Id;
  acted_by?: ActedBy | null;
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

/** A run of the database's migrations. */
export interface Update {
  id: Id;
  asked_by_name: string;
  asked_at: Instant;
  ended_at: Instant | null;
  state: string;
  from_revision: string;
  to_revision: string;
  backup: string;
  said: string;
}

/** On which days, or halves of days, somebody works, from a day on. */
export interface Week {
  since: Day | null;
  days: ("off" | "morning" | "afternoon" | "day")[] | null;
}

/** Every command's fields, by name, and the socket's own asks. */
export interface Commands {
  "account.change": {
    name?: string | null;
    language?: string | null;
    time_zone?: string | null;
    theme?: "auto" | "light" | "dark" | null;
    start_page?: string | null;
    phone?: string | null;
    address?: string | null;
  };
  "admin.activate": {
    person_id: Id;
  };
  "admin.add": {
    name: string;
    email: string;
    password?: string | null;
    business_id?: Id | null;
    business_name?: string | null;
    parent_id?: Id | null;
    language?: string;
    time_zone?: string;
  };
  "admin.change": {
    person_id: Id;
    name?: string | null;
    email?: string | null;
  };
  "admin.deactivate": {
    person_id: Id;
  };
  "admin.delete": {
    person_id: Id;
    typed: string;
    successor_id?: Id | null;
  };
  "all_sessions.revoke": {
    keep_programs?: boolean;
  };
  "api_token.make": {
    name: string;
    scopes: string[];
    expires_on?: Day | null;
    password: string;
  };
  "api_token.revoke": {
    token_id: Id;
  };
  "authenticator.confirm": {
    code: string;
    password: string;
  };
  "authenticator.remove": {
    password: string;
    code: string;
  };
  "authenticator.start": Record<string, never>;
  "business.change": {
    name?: string | null;
    header?: string | null;
    footer_left?: string | null;
    footer_right?: string | null;
    address?: string | null;
    tax_id?: string | null;
    registration_number?: string | null;
    bank_account?: string | null;
    phone?: string | null;
    email?: string | null;
    website?: string | null;
    language?: string | null;
    time_zone?: string | null;
    country?: string | null;
    currency?: string | null;
    working_week?: number[] | null;
    hours_a_day?: number | string | null;
    meetings_url?: string | null;
    shown_at_sign_in?: boolean | null;
    find_closed?: boolean | null;
  };
  "business.enter": {
    business_id: Id;
  };
  "business.move": {
    business_id: Id;
    parent_id: Id | null;
  };
  "business.open": {
    business_name: string;
    language?: string;
    time_zone?: string;
  };
  "calendar.change": {
    country?: string | null;
    region?: string | null;
    working_week?: number[] | null;
  };
  "calendar_feed.remove": Record<string, never>;
  "calendar_feed.renew": Record<string, never>;
  "card.read": {
    person_id: Id;
  };
  "checklist.hide": Record<string, never>;
  "checklist.show": Record<string, never>;
  "client.invite": {
    person_id: Id;
    email: string;
  };
  "client.keep": {
    name: string;
    phone?: string;
    address?: string;
    company_ids?: Id[];
    language?: string | null;
  };
  "client.link": {
    company_id: Id;
    person_id: Id;
  };
  "client.unlink": {
    company_id: Id;
    person_id: Id;
  };
  "company.add": {
    name: string;
    email?: string | null;
    phone?: string;
    address?: string;
    tax_id?: string;
    website?: string;
    note?: string;
  };
  "company.archive": {
    company_id: Id;
  };
  "company.change": {
    company_id: Id;
    name?: string | null;
    email?: string | null;
    phone?: string | null;
    address?: string | null;
    tax_id?: string | null;
    website?: string | null;
    note?: string | null;
  };
  "company.remove": {
    company_id: Id;
  };
  "company.restore": {
    company_id: Id;
  };
  "company_note.add": {
    company_id: Id;
    body: string;
  };
  "company_note.remove": {
    note_id: Id;
  };
  "contact.add": {
    company_id: Id;
    name: string;
    role?: string;
    phone?: string;
    email?: string;
  };
  "contact.change": {
    contact_id: Id;
    name?: string | null;
    role?: string | null;
    phone?: string | null;
    email?: string | null;
  };
  "contact.remove": {
    contact_id: Id;
  };
  "department.add": {
    name: string;
    parent_id?: Id | null;
    head_id?: Id | null;
  };
  "department.change": {
    department_id: Id;
    name?: string | null;
    parent_id?: Id | null;
    head_id?: Id | null;
    deputy_ids?: Id[] | null;
  };
  "department.enlist": {
    room_id: Id;
    department_id: Id;
  };
  "department.remove": {
    department_id: Id;
    move_up?: boolean;
  };
  "department_member.add": {
    department_id: Id;
    person_id: Id;
    main?: boolean;
  };
  "department_member.remove": {
    department_id: Id;
    person_id: Id;
  };
  "device.forget": {
    device_id: Id;
  };
  "domain.check": {
    domain: string;
  };
  "domain.vouch": {
    domain: string;
    business_id: Id;
  };
  "domain.withdraw": {
    domain: string;
    business_id: Id;
  };
  "email.change": {
    email: string;
    password: string;
  };
  "employee.change": {
    person_id: Id;
    surname?: string | null;
    first_name?: string | null;
    patronymic?: string | null;
    position?: string | null;
    work_phone?: string | null;
    mobile_phone?: string | null;
    fax?: string | null;
    messengers?: string[] | null;
    employed_from?: Day | null;
    employed_until?: Day | null;
    status_id?: Id | null;
    birth_date?: Day | null;
    identity?: string | null;
    tax_number?: string | null;
    address?: string | null;
    home_phone?: string | null;
    rating?: number | null;
    notes?: string | null;
  };
  "employee_status.add": {
    name: string;
  };
  "employee_status.remove": {
    status_id: Id;
  };
  "employee_status.rename": {
    status_id: Id;
    name: string;
  };
  "employee_week.change": {
    person_id: Id;
    since?: Day | null;
    days?: ("off" | "morning" | "afternoon" | "day")[] | null;
  };
  "employee_week.remove": {
    person_id: Id;
    since?: Day | null;
  };
  "factors.reset": {
    person_id: Id;
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
  "holiday.add": {
    day: Day;
    name: string;
  };
  "holiday.remove": {
    day: Day;
  };
  "holiday.rename": {
    day: Day;
    name: string;
  };
  "holiday.restore": {
    day: Day;
  };
  "identity.unlink": {
    provider_id: Id;
  };
  "impersonation.end": Record<string, never>;
  "impersonations.acknowledge": Record<string, never>;
  "installation.change": {
    name?: string | null;
    address?: string | null;
    language?: string | null;
    time_zone?: string | null;
    registration_open?: boolean | null;
    notice?: string | null;
    support?: string | null;
    quota_gb?: number | null;
  };
  "installation_policy.change": {
    two_factors?: boolean | null;
    superadmin_two_factors?: boolean | null;
    session_minutes?: number | null;
    idle_minutes?: number | null;
  };
  "invitation.resend": {
    person_id: Id;
  };
  "invitation.withdraw": {
    person_id: Id;
  };
  "invitation_link.make": {
    person_id: Id;
  };
  "label.add": {
    name: string;
    color?: "gray" | "red" | "orange" | "yellow" | "green" | "teal" | "blue" | "violet" | "pink";
  };
  "label.change": {
    label_id: Id;
    name?: string | null;
    color?: "gray" | "red" | "orange" | "yellow" | "green" | "teal" | "blue" | "violet" | "pink" | null;
  };
  "label.remove": {
    label_id: Id;
  };
  "language.add": {
    code: string;
  };
  "language.remove": {
    code: string;
  };
  "leave.approve": {
    leave_id: Id;
    reason?: string;
  };
  "leave.cancel": {
    leave_id: Id;
    reason?: string;
  };
  "leave.record": {
    person_id: Id;
    kind_id: Id;
    starts_on: Day;
    ends_on: Day;
    starts_at_noon?: boolean;
    ends_at_noon?: boolean;
    note?: string;
  };
  "leave.refuse": {
    leave_id: Id;
    reason: string;
  };
  "leave.request": {
    kind_id: Id;
    starts_on: Day;
    ends_on: Day;
    starts_at_noon?: boolean;
    ends_at_noon?: boolean;
    note?: string;
  };
  "leave.withdraw": {
    leave_id: Id;
  };
  "leave_allowance.change": {
    person_id: Id;
    kind_id: Id;
    year: number;
    entitled?: number | string | null;
    carried?: number | string | null;
  };
  "leave_allowances.carry": {
    kind_id: Id;
    year: number;
    most: number | string;
  };
  "leave_kind.add": {
    name: string;
    color?: "teal" | "blue" | "violet" | "green" | "red" | "yellow" | "gray";
    paid?: boolean;
    counted?: boolean;
    approved?: boolean;
    private?: boolean;
    days_a_year?: number | string;
    prorated?: boolean;
  };
  "leave_kind.change": {
    kind_id: Id;
    name?: string | null;
    color?: "teal" | "blue" | "violet" | "green" | "red" | "yellow" | "gray" | null;
    paid?: boolean | null;
    counted?: boolean | null;
    approved?: boolean | null;
    private?: boolean | null;
    days_a_year?: number | string | null;
    prorated?: boolean | null;
  };
  "leave_kind.remove": {
    kind_id: Id;
  };
  "letter.retry": {
    letter_id: Id;
  };
  "logo.remove": Record<string, never>;
  "mail_settings.change": {
    server?: string;
    port?: number;
    security?: "starttls" | "tls" | "none";
    username?: string;
    password?: string;
    sender_email?: string | null;
    sender_name?: string;
  };
  "meetings_key.renew": Record<string, never>;
  "member.add": {
    room_id: Id;
    person_id: Id;
  };
  "member.remove": {
    room_id: Id;
    person_id: Id;
  };
  "mentions.see": {
    room_id: Id;
  };
  "message.delete": {
    message_id: Id;
    room_id?: Id | null;
  };
  "message.edit": {
    message_id: Id;
    room_id?: Id | null;
    body: string;
  };
  "message.post": {
    room_id: Id;
    body?: string;
    audience?: Audience | null;
    attachments?: Id[];
  };
  "other_sessions.revoke": {
    keep_programs?: boolean;
  };
  "passkey.remove": {
    passkey_id: Id;
    password: string;
  };
  "passkey.rename": {
    passkey_id: Id;
    name: string;
  };
  "password.change": {
    old_password: string;
    new_password: string;
    keep_programs?: boolean;
  };
  "person.add": {
    kind: "admin" | "staff" | "client";
    name: string;
    email: string;
    role_id?: Id | null;
    permissions?: ("projects" | "clients" | "staff" | "invoicing" | "tickets" | "own_leave" | "hours")[];
    company_ids?: Id[];
    company_id?: Id | null;
    language?: string | null;
    business_id?: Id | null;
    password: string;
  };
  "person.change": {
    person_id: Id;
    name?: string | null;
    phone?: string | null;
    address?: string | null;
    language?: string | null;
    time_zone?: string | null;
    role_id?: Id | null;
    permissions?: ("projects" | "clients" | "staff" | "invoicing" | "tickets" | "own_leave" | "hours")[] | null;
    company_ids?: Id[] | null;
  };
  "person.deactivate": {
    person_id: Id;
    successor_id?: Id | null;
  };
  "person.demote": {
    person_id: Id;
    role_id?: Id | null;
  };
  "person.erase": {
    person_id: Id;
    name: string;
  };
  "person.invite": {
    kind: "admin" | "staff" | "client";
    name: string;
    email: string;
    role_id?: Id | null;
    permissions?: ("projects" | "clients" | "staff" | "invoicing" | "tickets" | "own_leave" | "hours")[];
    company_ids?: Id[];
    company_id?: Id | null;
    language?: string | null;
    business_id?: Id | null;
  };
  "person.link": {
    person_id: Id;
    staff_id: Id;
  };
  "person.lock": {
    person_id: Id;
  };
  "person.promote": {
    person_id: Id;
  };
  "person.reactivate": {
    person_id: Id;
  };
  "person.unlink": {
    person_id: Id;
  };
  "person.unlock": {
    person_id: Id;
  };
  "pin.add": {
    message_id: Id;
    room_id?: Id | null;
  };
  "pin.remove": {
    message_id: Id;
    room_id?: Id | null;
  };
  "process.change": {
    process_id: Id;
    name: string;
  };
  "provider.add": {
    name: string;
    issuer: string;
    client_id: string;
    client_secret: string;
    domains?: string[];
    trusted?: boolean;
    password: string;
  };
  "provider.change": {
    provider_id: Id;
    name?: string | null;
    client_id?: string | null;
    client_secret?: string | null;
    domains?: string[] | null;
    trusted?: boolean | null;
    password: string;
  };
  "provider.remove": {
    provider_id: Id;
  };
  "quota.change": {
    business_id: Id;
    quota_gb: number | null;
  };
  "reaction.add": {
    message_id: Id;
    room_id?: Id | null;
    emoji: string;
  };
  "reaction.remove": {
    message_id: Id;
    room_id?: Id | null;
    emoji: string;
  };
  "recovery_codes.renew": {
    password: string;
  };
  "registration.approve": {
    registration_id: Id;
  };
  "registration.refuse": {
    registration_id: Id;
    reason?: string;
  };
  "reset.send": {
    person_id: Id;
  };
  "role.add": {
    name: string;
    description?: string;
    permissions?: ("projects" | "clients" | "staff" | "invoicing" | "tickets" | "own_leave" | "hours")[];
  };
  "role.change": {
    role_id: Id;
    name?: string | null;
    description?: string | null;
    permissions?: ("projects" | "clients" | "staff" | "invoicing" | "tickets" | "own_leave" | "hours")[] | null;
  };
  "role.remove": {
    role_id: Id;
    to_role_id?: Id | null;
  };
  "room.archive": {
    room_id: Id;
  };
  "room.change": {
    room_id: Id;
    title?: string | null;
    description?: string | null;
    company_id?: Id | null;
    stage_id?: Id | null;
    default_audience?: "all" | "team" | null;
  };
  "room.open": {
    title: string;
    process?: string;
    description?: string;
    company_id?: Id | null;
    member_ids?: Id[];
    default_audience?: "all" | "team";
  };
  "room.restore": {
    room_id: Id;
  };
  "service.add": {
    name: string;
    note?: string;
  };
  "service.change": {
    service_id: Id;
    name?: string | null;
    note?: string | null;
  };
  "service.remove": {
    service_id: Id;
  };
  "session.revoke": {
    session_id: Id;
  };
  "sign_in_policy.change": {
    two_factors?: boolean | null;
    session_minutes?: number | null;
    idle_minutes?: number | null;
    networks?: string[];
  };
  "stage.add": {
    process_id: Id;
    of?: "room" | "task";
    name: string;
    final?: boolean;
  };
  "stage.change": {
    stage_id: Id;
    name: string;
  };
  "stage.move": {
    stage_id: Id;
    position: number;
  };
  "stage.remove": {
    stage_id: Id;
  };
  "subscription.add": {
    company_id: Id;
    service_id: Id;
    since_on?: Day | null;
  };
  "subscription.remove": {
    subscription_id: Id;
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
  "task.create": {
    room_id: Id;
    title: string;
    description?: string;
    assignee_id?: Id | null;
    due_on?: Day | null;
    stage_id?: Id | null;
    audience?: Audience | null;
  };
  "task.label": {
    task_id: Id;
    room_id?: Id | null;
    added?: Id[];
    removed?: Id[];
  };
  "task.remove": {
    task_id: Id;
    room_id?: Id | null;
  };
  "task.reopen": {
    task_id: Id;
    room_id?: Id | null;
  };
  "test_letter.send": {
    email?: string | null;
  };
  "timer.start": {
    room_id: Id;
    task_id?: Id | null;
    note?: string;
  };
  "timer.stop": {
    note?: string | null;
  };
  "update.run": Record<string, never>;
  "wording.change": {
    language: string;
    english: string;
    forms: string[];
  };
  "wording.reset": {
    language: string;
    english: string;
  };
  "wordings.import": {
    language: string;
    po: string;
  };
  "working_day.add": {
    day: Day;
    name?: string;
    instead_of?: Day | null;
  };
  "working_day.remove": {
    day: Day;
  };
  "room.enter": {
    room_id: Id;
    epoch?: string | null;
    after?: number | null;
    lens?: string | null;
    process_epoch?: string | null;
    process_after?: number | null;
    parts?: string[] | null;
  };
  "room.leave": {
    room_id: Id;
  };
  "stream.enter": {
    stream: "person" | "business" | "process" | "installation";
    id?: Id | null;
    epoch?: string | null;
    after?: number | null;
    lens?: string | null;
  };
  "stream.leave": {
    stream: "person" | "business" | "process" | "installation";
    id?: Id | null;
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
  "absence.added": {
    absence: Absence;
  };
  "absence.changed": {
    absence: Absence;
  };
  "absence.removed": {
    absence: Gone;
  };
  "account.changed": {
    account: Account;
    changed: string[];
  };
  "admin.added": {
    admin: Admin;
  };
  "admin.changed": {
    admin: Admin;
    changed: string[];
  };
  "admin.deleted": {
    admin_id: Id;
    business_id: Id;
    with_business: boolean;
  };
  "api_token.made": {
    api_token: ApiToken;
  };
  "api_token.revoked": {
    api_token: Gone;
  };
  "business.changed": {
    business: Business;
    changed: string[];
  };
  "business.deleted": {
    business_id: Id;
  };
  "business.entered": {
    business_id: Id;
  };
  "business.opened": {
    business: Business;
  };
  "calendar.changed": {
    calendar: Calendar;
    changed: string[];
  };
  "card.read": {
    card_reading: CardReading;
  };
  "checklist.hidden": {
    hidden: boolean;
  };
  "client.linked": {
    person: Person;
    company_id: Id;
  };
  "client.unlinked": {
    person: Person;
    company_id: Id;
  };
  "company.added": {
    company: Company | Gone;
  };
  "company.archived": {
    company: Company | Gone;
  };
  "company.changed": {
    company: Company | Gone;
    changed: string[];
  };
  "company.removed": {
    company: Gone;
  };
  "company.restored": {
    company: Company | Gone;
  };
  "company_note.added": {
    company_note: CompanyNote | Gone;
  };
  "company_note.removed": {
    company_note: Gone;
  };
  "contact.added": {
    contact: Contact | Gone;
  };
  "contact.changed": {
    contact: Contact | Gone;
    changed: string[];
  };
  "contact.removed": {
    contact: Gone;
  };
  "department.added": {
    department: Department;
  };
  "department.changed": {
    department: Department;
    changed: string[];
  };
  "department.removed": {
    department: Gone;
  };
  "employee.changed": {
    employee: Employee;
  };
  "employee_status.added": {
    employee_status: EmployeeStatus;
  };
  "employee_status.changed": {
    employee_status: EmployeeStatus;
  };
  "employee_status.removed": {
    employee_status: Gone;
  };
  "employee_week.changed": {
    employee_week: EmployeeWeek;
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
  "impersonation.begun": {
    impersonation: Impersonation;
  };
  "impersonation.ended": {
    impersonation: Impersonation;
  };
  "installation.changed": {
    installation: Installation;
    changed: string[];
  };
  "invitation.withdrawn": {
    person: Person;
  };
  "label.added": {
    label: Label;
  };
  "label.changed": {
    label: Label;
    changed: string[];
  };
  "label.removed": {
    label: Gone;
  };
  "language.added": {
    language: string;
  };
  "language.removed": {
    language: string;
  };
  "leave.approved": {
    leave: Leave;
  };
  "leave.cancelled": {
    leave: Leave;
  };
  "leave.recorded": {
    leave: Leave;
  };
  "leave.recounted": {
    leave: Leave;
  };
  "leave.refused": {
    leave: Leave;
  };
  "leave.requested": {
    leave: Leave;
  };
  "leave.withdrawn": {
    leave: Leave;
  };
  "leave_allowance.changed": {
    leave_allowance: LeaveAllowance;
  };
  "leave_kind.added": {
    leave_kind: LeaveKind;
  };
  "leave_kind.changed": {
    leave_kind: LeaveKind;
  };
  "leave_kind.removed": {
    leave_kind: Gone;
  };
  "letter.changed": {
    letter: Letter;
  };
  "mail_settings.changed": {
    mail_settings: MailSettings;
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
  "mention.added": {
    mention: Mention;
  };
  "mentions.seen": {
    mentions: Gone[];
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
  "person.deactivated": {
    person: Person;
    successor_id: Id | null;
  };
  "person.demoted": {
    person: Person;
  };
  "person.erased": {
    person: Person;
  };
  "person.invited": {
    person: Person;
  };
  "person.joined": {
    person: Person;
  };
  "person.linked": {
    person: Person;
    staff_id: Id;
  };
  "person.locked": {
    person: Person;
  };
  "person.promoted": {
    person: Person;
  };
  "person.reactivated": {
    person: Person;
  };
  "person.unlinked": {
    person: Person;
  };
  "person.unlocked": {
    person: Person;
  };
  "pin.added": {
    pin: Pin | Gone;
  };
  "pin.changed": {
    pin: Pin | Gone;
  };
  "pin.removed": {
    pin: Gone;
  };
  "place.changed": {
    place: Place;
  };
  "presence.changed": {
    presence: Presence;
  };
  "presences.changed": {
    presences: Presence[];
  };
  "process.changed": {
    process: Process;
    changed: string[];
  };
  "quota.changed": {
    quota: Quota;
  };
  "reaction.added": {
    reaction: Reaction | Gone;
  };
  "reaction.removed": {
    reaction: Reaction | Gone;
  };
  "registration.asked": {
    registration: Registration;
  };
  "registration.confirmed": {
    registration: Registration;
  };
  "registration.decided": {
    registration: Registration;
  };
  "registration.lapsed": {
    registration: Gone;
  };
  "role.added": {
    role: Role;
  };
  "role.changed": {
    role: Role;
    changed: string[];
  };
  "role.removed": {
    role: Gone;
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
  "service.added": {
    service: Service;
  };
  "service.changed": {
    service: Service;
    changed: string[];
  };
  "service.removed": {
    service: Gone;
  };
  "session.ended": Record<string, never>;
  "sessions.revoked": {
    reason: string;
  };
  "sign_in.noticed": {
    device: string;
    address: string;
  };
  "sign_in_policy.changed": {
    changed: string[];
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
  "subscription.added": {
    subscription: Subscription;
  };
  "subscription.removed": {
    subscription: Gone;
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
  "task.labelled": {
    task_labels: TaskLabels | Gone;
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
    reason?: "room_archived" | "task_completed" | "member_removed" | "person_deactivated" | "started_elsewhere" | null;
  };
  "update.changed": {
    update: Update;
  };
  "wordings.changed": {
    language: string;
    count: number;
  };
}

export type EventName = keyof Events;

/** What every read of the HTTP API answers, by name. */
export interface Reads {
  "absences": {
    absences: Absence[];
  };
  "card": {
    card: Card;
  };
  "companies": {
    companies: Company[];
  };
  "departments": {
    departments: Department[];
  };
  "people": {
    people: ListedPerson[];
  };
  "process_events": {
    events: WireEvent[];
    at: Position;
    more: boolean;
  };
  "room": Snapshot & {
    at: Position;
    process_at: Position;
  };
  "room_entries": {
    entries: Entry[];
    seconds: number;
  };
  "room_events": {
    events: WireEvent[];
    at: Position;
    more: boolean;
  };
  "room_messages": {
    messages: Message[];
    reactions: Reaction[];
    earlier: boolean;
  };
  "room_timeline": {
    events: WireEvent[];
    earlier: boolean;
  };
  "rooms": {
    rooms: Room[];
    after: Id | null;
  };
  "search": {
    results: Found[];
    closed: ClosedName[];
    ask: string[];
  };
  "sessions": {
    sessions: Session[];
    devices: Device[];
  };
  "task": {
    task: Task;
  };
}
