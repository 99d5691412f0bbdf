/** What all parts of the room's page share: the room they draw, and how they act in it. */
import { property } from "lit/decorators.js";
import type { CommandName, Commands } from "../../contract";
import { RefusalError, run } from "../../data/commands";
import { feed } from "../../data/feed";
import { spoken } from "../../models/refusal";
import type { RoomView } from "../../models/room";
import { t } from "../../models/words";
import { LightElement } from "../light-element";
import { toast } from "../shell/toast-region";

export abstract class RoomElement extends LightElement {
  @property({ attribute: false }) room!: RoomView;

  /** Runs a command; a refusal is said on the page. Whether it was done. */
  protected async act<Name extends CommandName>(name: Name, fields: Commands[Name]): Promise<boolean> {
    if (feed.connection !== "live") this.say(t("You're offline. It will be done as soon as you're back online."));
    try {
      await run(name, fields);
      return true;
    } catch (problem) {
      this.say(reasonOf(problem), "error");
      return false;
    }
  }

  protected say(text: string, kind: "done" | "error" = "done"): void {
    toast(text, kind);
  }

  /** Tells the page, which knows what to do: open a task, show a tab. */
  protected tell(name: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
  }
}

export function reasonOf(problem: unknown): string {
  if (problem instanceof RefusalError) return spoken(problem);
  return t("That didn't work. Nothing was changed. Please try again.");
}
