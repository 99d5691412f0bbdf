/** The Website room, as a test needs it: Ana and Mihai of the team, Elena the client. */
import type { Entry, FileForm, Message, Snapshot, Task } from "../contract";
import { empty } from "../models/fold";
import { RoomView } from "../models/room";

export const STAGES = [
  { id: "todo", key: "todo", name: "To do", final: false },
  { id: "doing", key: "in_progress", name: "In progress", final: false },
  { id: "done", key: "done", name: "Done", final: true },
];

let count = 0;

export function message(fields: Partial<Message> = {}): Message {
  count += 1;
  return {
    id: `message-${String(count).padStart(4, "0")}`,
    author_id: "ana",
    body: "Hello",
    html: "<p>Hello</p>",
    audience: "all",
    attachments: [],
    posted_at: "2026-11-21T09:00:00Z",
    edited_at: null,
    ...fields,
  };
}

export function task(fields: Partial<Task> = {}): Task {
  count += 1;
  return {
    id: `task-${count}`,
    title: "Homepage copy",
    description: "",
    html: "",
    assignee_id: null,
    due_on: null,
    stage_id: "todo",
    audience: "all",
    author_id: "ana",
    created_at: "2026-11-01T09:00:00Z",
    completed_at: null,
    ...fields,
  };
}

export function entry(fields: Partial<Entry> = {}): Entry {
  count += 1;
  return {
    id: `entry-${count}`,
    person_id: "ana",
    task_id: null,
    note: "",
    audience: "all",
    started_at: "2026-11-20T08:00:00Z",
    stopped_at: "2026-11-20T09:00:00Z",
    ...fields,
  };
}

export function file(fields: Partial<FileForm> = {}): FileForm {
  count += 1;
  return {
    id: `file-${count}`,
    name: "homepage-v3.docx",
    media_type: "application/zip",
    size: 84_000,
    audience: "all",
    author_id: "ana",
    task_id: null,
    added_at: "2026-11-21T09:30:00Z",
    width: null,
    height: null,
    preview: false,
    ...fields,
  };
}

export function room(things: Partial<Snapshot> = {}): RoomView {
  const website = {
    room: {
      id: "website",
      title: "Website",
      description: "",
      html: "",
      process_id: "projects",
      stage_id: "doing",
      company: { id: "nord", name: "Nord Bakery" },
      default_audience: "all",
      opened_at: "2026-10-01T09:00:00Z",
      archived_at: null,
    },
    process: { id: "projects", key: "projects", name: "Projects", room_stages: STAGES, task_stages: STAGES },
    persons: [
      { id: "ana", name: "Ana Popescu", kind: "staff" },
      { id: "mihai", name: "Mihai Ionescu", kind: "staff" },
      { id: "elena", name: "Elena Nord", kind: "client" },
    ],
    members: [
      { id: "ana", added_at: "2026-10-01T09:00:00Z" },
      { id: "mihai", added_at: "2026-10-01T09:00:00Z" },
      { id: "elena", added_at: "2026-10-01T09:00:00Z" },
    ],
    earlier_messages: false,
    me: { person_id: "ana", lens: "staff", may: ["message.post", "task.change"] },
  } satisfies Partial<Snapshot>;
  return new RoomView({ ...(empty() as unknown as Snapshot), ...website, ...things });
}
