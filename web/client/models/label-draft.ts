/** Which labels somebody means to put on a task or take off it, before it is saved; what others do meanwhile stays. */
import type { Id } from "../contract";

export interface LabelDraft {
  added: readonly Id[];
  removed: readonly Id[];
}

export const UNTOUCHED: LabelDraft = { added: [], removed: [] };

/** The labels that will be on the task, given those that are told to be there. */
export function drafted(told: readonly Id[], { added, removed }: LabelDraft): Id[] {
  return [...told.filter((id) => !removed.includes(id)), ...added.filter((id) => !told.includes(id))];
}

/** Put on if it is off, else taken off. */
export function toggledLabel(told: readonly Id[], draft: LabelDraft, id: Id): LabelDraft {
  const on = drafted(told, draft).includes(id);
  const [added, removed] = [draft.added, draft.removed].map((ids) => ids.filter((each) => each !== id)) as [Id[], Id[]];
  const there = told.includes(id);
  if (on) return { added, removed: there ? [...removed, id] : removed };
  return { added: there ? added : [...added, id], removed };
}
