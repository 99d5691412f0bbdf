/** What is said of events. Made from the server's `sentences.py` by `python -m hub.contract`. */
import type { Sentences } from "./models/sentences";

/** Marks a text for the catalogue; it is translated where it is said. */
const t = (text: string): string => text;

/** How what stands in an event is read. */
export type Reading = "doer" | "hours" | "words";

/** What one can ask a timeline for, in the order in which it is offered. */
export const KINDS = {
  wall: t("Wall"),
  tasks: t("Tasks"),
  time: t("Time"),
  files: t("Files"),
  people: t("People"),
  room: t("Room"),
};

export const TIMELINE: Sentences = {
  blanks: {
    who: [["", "doer"]],
    words: [["message.body", "words"]],
    what: [["task.title", "text"], ["task.id", {"things": "tasks", "field": "title"}], ["task", "otherwise", t("a task")], ["entry.task_id", {"things": "tasks", "field": "title"}], ["entry.note", "text"], ["file.name", "text"], ["file.id", {"things": "files", "field": "name"}], ["file", "otherwise", t("a file")], ["member.id", {"things": "persons", "field": "name"}], ["person.name", "text"], ["member", "otherwise", "–"], ["room.title", "text"]],
    stage: [["task.stage_id", {"things": "process.task_stages", "field": "name", "builtIn": true}], ["room.stage_id", {"things": "process.room_stages", "field": "name", "builtIn": true}]],
    whose: [["entry.person_id", {"things": "persons", "field": "name"}], ["", "otherwise", "–"]],
    hours: [["entry", "hours"]],
  },
  events: {
    "message.posted": {
      kind: "wall",
      says: [
        { pattern: t("{who} wrote a message, deleted since"), icon: "message", when: [["is", "message.gone", true]] },
        { pattern: t("{who} wrote: {words}"), icon: "message" },
        { pattern: t("{who} wrote a message"), icon: "message" },
      ],
    },
    "message.edited": {
      kind: "wall",
      says: [
        { pattern: t("{who} edited a message, deleted since"), icon: "edit", when: [["is", "message.gone", true]] },
        { pattern: t("{who} edited: {words}"), icon: "edit" },
        { pattern: t("{who} edited a message"), icon: "edit" },
      ],
    },
    "pin.added": {
      kind: "wall",
      says: [
        { pattern: t("{who} pinned a message"), icon: "pin" },
      ],
    },
    "pin.removed": {
      kind: "wall",
      says: [
        { pattern: t("{who} unpinned a message"), icon: "pinned-off" },
      ],
    },
    "message.deleted": {
      kind: "wall",
      says: [
        { pattern: t("{who} deleted a message"), icon: "trash" },
      ],
    },
    "task.created": {
      kind: "tasks",
      says: [
        { pattern: t("{who} added a task, removed since"), icon: "plus", when: [["is", "task.gone", true]] },
        { pattern: t("{who} added the task {what}"), icon: "plus" },
      ],
    },
    "task.changed": {
      kind: "tasks",
      says: [
        { pattern: t("{who} moved {what} to {stage}"), icon: "arrow-right", when: [["is", "changed", ["stage_id"]]] },
        { pattern: t("{who} changed when {what} is due"), icon: "pencil", when: [["is", "changed", ["due_on"]]] },
        { pattern: t("{who} changed who does {what}"), icon: "pencil", when: [["is", "changed", ["assignee_id"]]] },
        { pattern: t("{who} changed {what}"), icon: "pencil" },
      ],
    },
    "task.completed": {
      kind: "tasks",
      says: [
        { pattern: t("{who} completed {what}"), icon: "check" },
      ],
      fact: { thing: "task", at: "completed_at", shorter: t("{what} is done") },
    },
    "task.reopened": {
      kind: "tasks",
      says: [
        { pattern: t("{who} reopened {what}"), icon: "rotate" },
      ],
    },
    "task.withdrawn": {
      kind: "tasks",
      says: [
        { pattern: t("{who} took a task back to the team"), icon: "lock" },
      ],
    },
    "task.removed": {
      kind: "tasks",
      says: [
        { pattern: t("{who} removed a task"), icon: "trash" },
      ],
    },
    "timer.started": {
      kind: "time",
      says: [
        { pattern: t("{who} started working on {what}"), icon: "player-play" },
        { pattern: t("{who} started working"), icon: "player-play" },
      ],
      fact: { thing: "entry", at: "started_at", by: "person_id", shorter: t("{who} started {what}") },
    },
    "timer.stopped": {
      kind: "time",
      says: [
        { pattern: t("{whose} worked for {hours} h until {who} archived the room"), icon: "player-stop", when: [["differs", "entry.person_id", "bearer"], ["is", "reason", "room_archived"]] },
        { pattern: t("{whose} worked for {hours} h until {who} completed the task"), icon: "player-stop", when: [["differs", "entry.person_id", "bearer"], ["is", "reason", "task_completed"]] },
        { pattern: t("{whose} worked for {hours} h until {who} took them out of the room"), icon: "player-stop", when: [["differs", "entry.person_id", "bearer"], ["is", "reason", "member_removed"]] },
        { pattern: t("{whose} worked for {hours} h until {who} closed their account"), icon: "player-stop", when: [["differs", "entry.person_id", "bearer"], ["is", "reason", "person_deactivated"]] },
        { pattern: t("{whose} worked for {hours} h until {who} stopped the timer"), icon: "player-stop", when: [["differs", "entry.person_id", "bearer"]] },
        { pattern: t("{who} worked for {hours} h on {what}"), icon: "player-stop" },
        { pattern: t("{who} worked for {hours} h"), icon: "player-stop" },
        { pattern: t("{who} stopped working"), icon: "player-stop" },
      ],
    },
    "file.added": {
      kind: "files",
      says: [
        { pattern: t("{who} added a file, removed since"), icon: "file", when: [["is", "file.gone", true]] },
        { pattern: t("{who} added {what}"), icon: "file" },
      ],
      fact: { thing: "file", at: "added_at", by: "author_id" },
    },
    "file.changed": {
      kind: "files",
      says: [
        { pattern: t("{who} shared {what} with the client"), icon: "edit", when: [["is", "changed", ["audience"]], ["is", "file.audience", "all"]] },
        { pattern: t("{who} renamed a file to {what}"), icon: "edit", when: [["is", "changed", ["name"]]] },
        { pattern: t("{who} changed {what}"), icon: "edit" },
      ],
    },
    "file.withdrawn": {
      kind: "files",
      says: [
        { pattern: t("{who} took a file back to the team"), icon: "lock" },
      ],
    },
    "file.removed": {
      kind: "files",
      says: [
        { pattern: t("{who} removed a file"), icon: "trash" },
      ],
    },
    "member.added": {
      kind: "people",
      says: [
        { pattern: t("{who} came into the room"), icon: "user-plus", when: [["same", "member.id", "bearer"]] },
        { pattern: t("{who} added {what} to the room"), icon: "user-plus" },
      ],
    },
    "member.removed": {
      kind: "people",
      says: [
        { pattern: t("{who} left the room"), icon: "user-minus", when: [["same", "member.id", "bearer"]] },
        { pattern: t("{who} took {what} out of the room"), icon: "user-minus" },
      ],
    },
    "room.opened": {
      kind: "room",
      says: [
        { pattern: t("{who} opened the room"), icon: "door" },
      ],
    },
    "room.changed": {
      kind: "room",
      says: [
        { pattern: t("{who} moved the room to {stage}"), icon: "arrow-right", when: [["is", "changed", ["stage_id"]]] },
        { pattern: t("{who} renamed the room to {what}"), icon: "settings", when: [["is", "changed", ["title"]]] },
        { pattern: t("{who} changed the room"), icon: "settings" },
      ],
    },
    "room.archived": {
      kind: "room",
      says: [
        { pattern: t("{who} archived the room"), icon: "archive" },
      ],
    },
    "room.restored": {
      kind: "room",
      says: [
        { pattern: t("{who} restored the room"), icon: "archive-off" },
      ],
    },
  },
};

export const NOTICES: Sentences = {
  blanks: {
    device: [["device", "text"]],
    address: [["address", "text"]],
    name: [["impersonation.by_name", "text"]],
    reason: [["impersonation.reason", "text"]],
  },
  events: {
    "sign_in.noticed": {
      kind: "warning",
      says: [
        { pattern: t("New sign-in: {device}, {address}. If this wasn't you, sign it out on your account page."), icon: "alert-triangle" },
      ],
    },
    "account.changed": {
      kind: "news",
      says: [
        { pattern: t("Your language has changed. Reload the page to see it."), icon: "circle-check", when: [["differs", "account.language", "language"]] },
      ],
    },
    "impersonation.begun": {
      kind: "warning",
      says: [
        { pattern: t("{name} is now acting as you: {reason}"), icon: "alert-triangle" },
      ],
    },
    "business.entered": {
      kind: "warning",
      says: [
        { pattern: t("The business you were working in was moved. You're back in your own business. Reload the page."), icon: "alert-triangle", when: [["is", "actor_id", null]] },
      ],
    },
  },
};
