import { passkeysWork, signInByPasskey } from "../../data/passkeys";
import { RefusalError, spoken } from "../../models/refusal";
import { sayUnder } from "./passkey-words";

/** `<passkey-entry onward="/rooms" second>`: its button signs in with a passkey; `second` as the second step. */
export class PasskeyEntryElement extends HTMLElement {
  connectedCallback(): void {
    const button = this.querySelector("button");
    if (!button) return;
    if (!passkeysWork()) {
      this.hidden = true;
      return;
    }
    button.disabled = false;
    button.onclick = () => void this.enter(button);
  }

  disconnectedCallback(): void {
    const button = this.querySelector("button");
    if (button) button.onclick = null;
  }

  private async enter(button: HTMLButtonElement): Promise<void> {
    button.disabled = true;
    try {
      location.assign(await signInByPasskey(this.getAttribute("onward") ?? "", this.hasAttribute("second")));
    } catch (error) {
      sayUnder(this, error instanceof RefusalError ? spoken(error) : String(error));
      button.disabled = false;
    }
  }
}

customElements.define("passkey-entry", PasskeyEntryElement);
