import { describe, expect, it } from "vitest";
import { columns, daysLate, doneBy, DONE_SHOWN, dueInWeekOf, listed, stageBeside } from "../models/board";
import { entry, room, task } from "./rooms";

const TODAY = "2026-11-19"; // a Thursday
const ALL = { done: false, tests: [] };

describe("the board", () => {
  it("has a column for each stage, the most urgent first: running, then due, then the oldest", () => {
    const later = task({ due_on: "2026-11-30" });
    const soon = task({ due_on: "2026-11-20" });
    const open = task({ created_at: "2026-10-01T09:00:00Z" });
    const running = task();
    const view = room({
      tasks: [later, open, soon, running],
      entries: [entry({ task_id: running.id, stopped_at: null })],
    });
    const [todo] = columns(view, ALL);
    expect(todo!.tasks.map((each) => each.id)).toEqual([running.id, soon.id, later.id, open.id]);
  });

  it("shows a moved card where it was put before that is told", () => {
    const card = task();
    const shown = columns(room({ tasks: [card] }), ALL, new Map([[card.id, "doing"]]));
    expect(shown.map((column) => column.tasks.length)).toEqual([0, 1, 0]);
  });

  it("keeps all but the newest done ones for the asking", () => {
    const tasks = Array.from({ length: DONE_SHOWN + 3 }, (_, place) =>
      task({ stage_id: "done", completed_at: `2026-11-${String(place + 1).padStart(2, "0")}T09:00:00Z` }),
    );
    const done = columns(room({ tasks }), ALL)[2]!;
    expect(done.tasks).toHaveLength(DONE_SHOWN);
    expect(done.tasks[0]!.id).toBe(tasks.at(-1)!.id);
    expect(done.hidden).toBe(3);
    expect(columns(room({ tasks }), { ...ALL, done: true })[2]!.hidden).toBe(0);
  });

  it("filters by who does it and by this week, late ones too", () => {
    const mine = task({ assignee_id: "ana", due_on: "2026-11-22" });
    const late = task({ due_on: "2026-11-10" });
    const next = task({ assignee_id: "ana", due_on: "2026-11-23" });
    const view = room({ tasks: [mine, late, next] });
    expect(listed(view, { ...ALL, tests: [doneBy("ana")] }).map((each) => each.id)).toEqual([mine.id, next.id]);
    expect(listed(view, { ...ALL, tests: [dueInWeekOf(TODAY)] }).map((each) => each.id)).toEqual([late.id, mine.id]);
  });

  it("lists done ones only on asking, at the end", () => {
    const done = task({ completed_at: "2026-11-18T09:00:00Z" });
    const open = task();
    expect(listed(room({ tasks: [done, open] }), ALL)).toEqual([open]);
    expect(listed(room({ tasks: [done, open] }), { ...ALL, done: true })).toEqual([open, done]);
  });
});

describe("a task", () => {
  it("is late by the days since it was due, unless it is done", () => {
    expect(daysLate(task({ due_on: "2026-11-17" }), TODAY)).toBe(2);
    expect(daysLate(task({ due_on: TODAY }), TODAY)).toBe(0);
    expect(daysLate(task({ due_on: "2026-11-17", completed_at: "2026-11-18T09:00:00Z" }), TODAY)).toBe(0);
  });

  it("moves by keys to the stage beside it, and no further than the ends", () => {
    const view = room();
    expect(stageBeside(view, task({ stage_id: "todo" }), 1)?.id).toBe("doing");
    expect(stageBeside(view, task({ stage_id: "todo" }), -1)).toBeUndefined();
    expect(stageBeside(view, task({ stage_id: "done" }), 1)).toBeUndefined();
  });
});
