import type { WireEvent } from "../contract";

/** An event of the Website room's log; offset null for one that is told and not stored. */
export function event(offset: number | null, fields: Record<string, unknown> = {}, epoch = "first"): WireEvent {
  return {
    name: "task.changed",
    at: offset === null ? null : { epoch, offset },
    stream: "room:website",
    actor_id: "ana",
    recorded_at: "2026-11-21T09:12:00Z",
    ...fields,
  };
}
