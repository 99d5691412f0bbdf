import { makePasskey, passkeysWork } from "../../data/passkeys";
import { RefusalError, spoken } from "../../models/refusal";
import { t } from "../../models/words";
import { sayUnder } from "./passkey-words";

/** `<passkey-maker>` around a form with a name and a password: sending it makes a passkey. */
export class PasskeyMakerElement extends HTMLElement {
  connectedCallback(): void {
    const form = this.querySelector("form");
    const button = this.querySelector("button");
    if (!form || !button) return;
    if (!passkeysWork()) {
      sayUnder(this, t("This browser can't store passkeys, or the page wasn't loaded over https."));
      return;
    }
    button.disabled = false;
    form.onsubmit = (event) => {
      event.preventDefault();
      void this.make(form, button);
    };
  }

  disconnectedCallback(): void {
    const form = this.querySelector("form");
    if (form) form.onsubmit = null;
  }

  private async make(form: HTMLFormElement, button: HTMLButtonElement): Promise<void> {
    const given = new FormData(form);
    button.disabled = true;
    try {
      await makePasskey(String(given.get("name")), String(given.get("password")));
      location.assign("/account/security?done=passkey.add");
    } catch (error) {
      sayUnder(this, error instanceof RefusalError ? spoken(error) : String(error));
      button.disabled = false;
    }
  }
}

customElements.define("passkey-maker", PasskeyMakerElement);
