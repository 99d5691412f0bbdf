/** Names as they stand under a deed: whose it is, and who really did it in that name. */
import type { ActedBy, WireEvent } from "../contract";
import { t } from "./words";

/** Ana Popescu (by Rodica Ene). */
export function signed(name: string, by: Pick<ActedBy, "name"> | null | undefined): string {
  return by ? t("{name} (by {who})", { name, who: by.name }) : name;
}

/** Whose name a deed bears: that of the person for whom it was done, else that of who did it. */
export function bearer(event: WireEvent): string | null {
  return event.on_behalf_of ?? event.actor_id;
}
