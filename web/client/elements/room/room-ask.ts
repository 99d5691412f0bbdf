/** Asks before something that can't be taken back. */
import { html, render } from "lit";
import { t } from "../../models/words";

export interface Question {
  title: string;
  text: string;
  act: string;
  danger?: boolean;
}

/** Whether the answer was yes. */
export function ask(question: Question): Promise<boolean> {
  const dialog = document.createElement("dialog");
  dialog.className = "sheet sheet-small";
  dialog.setAttribute("aria-labelledby", "ask-title");
  render(
    html`<form method="dialog">
      <h2 class="sheet-title" id="ask-title">${question.title}</h2>
      <p class="text-secondary">${question.text}</p>
      <div class="sheet-acts">
        <button class="btn" value="no">${t("Cancel")}</button>
        <button class="btn ${question.danger ? "btn-danger" : "btn-primary"}" value="yes" autofocus>
          ${question.act}
        </button>
      </div>
    </form>`,
    dialog,
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
