import { t } from "../../models/words";
import { toast } from "./toast-region";

/**
 * `<copy-text><input readonly value="…"><button hidden>…</button></copy-text>`: the button copies what the field holds,
 * which is a `textarea` where it is long.
 */
export class CopyTextElement extends HTMLElement {
  connectedCallback(): void {
    const button = this.querySelector("button");
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", this.copy);
  }

  disconnectedCallback(): void {
    this.querySelector("button")?.removeEventListener("click", this.copy);
  }

  private readonly copy = async (): Promise<void> => {
    const field = this.querySelector<HTMLInputElement | HTMLTextAreaElement>("input, textarea");
    if (!field) return;
    try {
      await navigator.clipboard.writeText(field.value);
      toast(t("Copied."), "done");
    } catch {
      field.select();
      toast(t("Press Ctrl+C to copy."), "error");
    }
  };
}

customElements.define("copy-text", CopyTextElement);
