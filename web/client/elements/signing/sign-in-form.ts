import { challengeFor, solved } from "../../data/challenges";
import type { Challenge } from "../../models/challenges";
import { t } from "../../models/words";

/**
 * `<sign-in-form solver="/static/solver.js">`: its form is sent as any, but where too many tries for the account were
 * wrong, the browser does some work first and sends what shows it.
 */
export class SignInFormElement extends HTMLElement {
  private state: "waiting" | "working" | "ready" = "waiting";

  connectedCallback(): void {
    this.addEventListener("submit", this.submitted);
    window.addEventListener("pageshow", this.shown);
  }

  disconnectedCallback(): void {
    this.removeEventListener("submit", this.submitted);
    window.removeEventListener("pageshow", this.shown);
  }

  /** Who comes back to the page by the browser's button begins again: work is good for once. */
  private readonly shown = ({ persisted }: PageTransitionEvent): void => {
    if (persisted) this.state = "waiting";
  };

  private readonly submitted = (event: SubmitEvent): void => {
    if (this.state === "ready") return;
    event.preventDefault();
    if (this.state === "waiting") void this.prepare(event.target as HTMLFormElement);
  };

  private async prepare(form: HTMLFormElement): Promise<void> {
    const email = form.elements.namedItem("email") as HTMLInputElement;
    this.state = "working";
    email.readOnly = true;
    try {
      const challenge = await challengeFor(email.value.trim());
      if (challenge) await this.work(form, challenge);
    } finally {
      email.readOnly = false;
      this.state = "ready"; // without the work the server says what else one can do
      form.requestSubmit();
    }
  }

  private async work(form: HTMLFormElement, challenge: Challenge): Promise<void> {
    const bar = this.say();
    const solution = await solved(challenge, this.getAttribute("solver") ?? "", (part) => (bar.value = part));
    bar.value = 1;
    (form.elements.namedItem("solution") as HTMLInputElement).value = solution;
  }

  private say(): HTMLProgressElement {
    const bar = document.createElement("progress");
    const text = document.createElement("p");
    bar.value = 0;
    bar.setAttribute("aria-label", t("Work done"));
    text.setAttribute("role", "status");
    this.querySelector(".sign-in-work")?.replaceChildren(text, bar);
    text.textContent = t("Too many wrong attempts for this account. Your browser is running a short check…");
    return bar;
  }
}

customElements.define("sign-in-form", SignInFormElement);
