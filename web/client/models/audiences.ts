/** Audiences: for whom a thing of a room is. */
import { AUDIENCES, type Audience, type Lens } from "../contract";

/** Whether clients see nothing of what has this audience. */
export function forTheTeam(audience: Audience): boolean {
  const lenses: readonly Lens[] = AUDIENCES[audience];
  return !lenses.includes("client");
}

/** Whether an event or a fact tells of something that clients don't see, whatever that is. */
export function tellsTheTeam(told: object): boolean {
  return Object.values(told).some((thing) => forTheTeam((thing as Shared | null)?.audience ?? "all"));
}

type Shared = { audience?: Audience };
