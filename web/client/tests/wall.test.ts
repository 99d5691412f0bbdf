import { beforeAll, describe, expect, it } from "vitest";
import type { Message } from "../contract";
import { locale } from "../models/locale";
import { Unread } from "../models/unread";
import { joined, wallLines } from "../models/wall";
import { entry, file, message, room, task } from "./rooms";

beforeAll(() => {
  locale.timeZone = "Europe/Chisinau";
});

const nothingNew = () => new Unread("ana", null, []);

describe("the wall", () => {
  it("has a line for each day, in the reader's time zone", () => {
    const messages = [
      message({ posted_at: "2026-11-20T21:30:00Z" }),
      // Half past eleven in the evening in London is the next morning in Chișinău.
      message({ posted_at: "2026-11-20T23:30:00Z" }),
    ];
    const kinds = wallLines(room({ messages }), messages, nothingNew(), true).map((line) => line.kind);
    expect(kinds).toEqual(["day", "message", "day", "message"]);
  });

  it("puts messages of one hand under one name, while they come soon after each other", () => {
    const messages = [
      message({ posted_at: "2026-11-21T09:00:00Z" }),
      message({ posted_at: "2026-11-21T09:04:00Z" }),
      message({ posted_at: "2026-11-21T09:20:00Z" }),
      message({ posted_at: "2026-11-21T09:21:00Z", audience: "team" }),
      message({ posted_at: "2026-11-21T09:22:00Z", author_id: "mihai" }),
    ];
    const follows = wallLines(room({ messages }), messages, nothingNew(), true).flatMap((line) =>
      line.kind === "message" ? [line.follows] : [],
    );
    expect(follows).toEqual([false, true, false, false, false]);
  });

  it("tells the facts of the work between the messages", () => {
    const copy = task({ title: "Homepage copy", completed_at: "2026-11-21T09:03:00Z" });
    const messages = [message({ posted_at: "2026-11-21T09:00:00Z" }), message({ posted_at: "2026-11-21T09:10:00Z" })];
    const lines = wallLines(
      room({
        messages,
        tasks: [copy],
        entries: [entry({ started_at: "2026-11-21T09:01:00Z", task_id: copy.id })],
        files: [file({ added_at: "2026-11-21T09:02:00Z" })],
      }),
      messages,
      nothingNew(),
      true,
    );
    expect(lines.map((line) => line.kind)).toEqual(["day", "message", "facts", "message"]);
  });

  it("doesn't tell of a file that hangs on a message", () => {
    const drawing = file();
    const messages = [message({ attachments: [drawing.id] })];
    const lines = wallLines(room({ messages, files: [drawing] }), messages, nothingNew(), true);
    expect(lines.map((line) => line.kind)).toEqual(["day", "message"]);
  });

  it("leaves out facts older than the first message while older messages are to be fetched", () => {
    const messages = [message({ posted_at: "2026-11-21T09:00:00Z" })];
    const view = room({ messages, entries: [entry({ started_at: "2026-11-20T08:00:00Z" })] });
    expect(wallLines(view, messages, nothingNew(), false).map((line) => line.kind)).toEqual(["day", "message"]);
    expect(wallLines(view, messages, nothingNew(), true).map((line) => line.kind)).toEqual([
      "day",
      "facts",
      "day",
      "message",
    ]);
  });

  it("draws the line of the new ones once, above the first of them", () => {
    const seen = message({ posted_at: "2026-11-21T09:00:00Z", author_id: "mihai" });
    const messages = [
      seen,
      message({ posted_at: "2026-11-21T09:01:00Z", author_id: "elena" }),
      message({ posted_at: "2026-11-21T09:02:00Z", author_id: "elena" }),
    ];
    const lines = wallLines(room({ messages }), messages, new Unread("ana", seen.posted_at, messages), true);
    expect(lines.map((line) => line.kind)).toEqual(["day", "message", "new", "message", "message"]);
    expect(lines.find((line) => line.kind === "new")).toMatchObject({ count: 2, since: seen.posted_at });
  });

  it("joins older pages to the live list, whose form wins", () => {
    const first = message({ posted_at: "2026-11-19T09:00:00Z" });
    const second = message({ posted_at: "2026-11-20T09:00:00Z" });
    const edited = { ...first, body: "Hello again" };
    expect(joined([second, first], [edited]).map((each) => each.body)).toEqual(["Hello again", "Hello"]);
  });

  it("waits for the page of a message of which something is told far back", () => {
    const [back, between, first, next] = ["08", "09", "10", "11"].map((hour) => message({ posted_at: `2026-11-21T${hour}:00:00Z` })) as [Message, Message, Message, Message];
    const edited = { ...back, body: "Hello again" };
    expect(joined([], [first, next, edited], first)).toEqual([first, next]);
    expect(joined([back, between], [first, next, edited], back)).toEqual([edited, between, first, next]);
  });
});
