import { describe, expect, it } from "vitest";
import { Unread } from "../models/unread";
import { message } from "./rooms";

const from = (author_id: string, minute: number) =>
  message({ author_id, posted_at: `2026-11-21T09:${String(minute).padStart(2, "0")}:00Z` });

describe("what is new on a wall", () => {
  it("is nothing on the first visit", () => {
    const messages = [from("mihai", 1), from("elena", 2)];
    expect(new Unread("ana", null, messages).count(messages)).toBe(0);
  });

  it("is what others wrote since", () => {
    const messages = [from("mihai", 1), from("elena", 2), from("ana", 3), from("elena", 4)];
    expect(new Unread("ana", messages[0]!.posted_at, messages).count(messages)).toBe(2);
  });

  it("keeps its line when it has been read, and takes nothing more under it", () => {
    const messages = [from("mihai", 1), from("elena", 2)];
    const unread = new Unread("ana", messages[0]!.posted_at, messages);
    unread.see(messages);
    const later = from("elena", 3);
    unread.see([...messages, later]);
    expect(unread.has(messages[1]!)).toBe(true);
    expect(unread.has(later)).toBe(false);
    expect(unread.count([...messages, later])).toBe(0);
  });

  it("draws a new line for what came while the reader was elsewhere", () => {
    const messages = [from("mihai", 1), from("elena", 2)];
    const unread = new Unread("ana", messages[1]!.posted_at, messages);
    const missed = [...messages, from("mihai", 5)];
    unread.miss(missed);
    expect(unread.from).toBe(messages[1]!.posted_at);
    expect(unread.has(missed[2]!)).toBe(true);
    expect(unread.has(missed[1]!)).toBe(false);
  });

  it("doesn't draw one for the reader's own words", () => {
    const messages = [from("mihai", 1)];
    const unread = new Unread("ana", messages[0]!.posted_at, messages);
    unread.miss([...messages, from("ana", 2)]);
    expect(unread.from).toBeNull();
  });
});
