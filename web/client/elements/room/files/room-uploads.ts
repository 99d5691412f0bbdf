/** Files on their way up: how far each is, and the ways to hold, go on and stop. */
import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { uploads, type Upload } from "../../../data/uploads";
import { t } from "../../../models/words";
import { icon } from "../../icon";
import { RoomElement } from "../room-element";
import { size } from "../room-parts";

@customElement("room-uploads")
export class RoomUploadsElement extends RoomElement {
  override connectedCallback(): void {
    super.connectedCallback();
    this.listen(uploads, "change", () => this.requestUpdate());
  }

  protected override render() {
    const sending = uploads.of(this.room.id);
    if (!sending.length) return nothing;
    return html`<ul class="uploads" aria-label=${t("Being sent")}>
      ${repeat(sending, (upload) => upload.key, (upload) => this.line(upload))}
    </ul>`;
  }

  private line(upload: Upload) {
    const share = upload.size ? Math.floor((upload.sent / upload.size) * 100) : 100;
    const { key, state } = upload;
    return html`<li class="upload" data-state=${state}>
      <span class="upload-name text-truncate">${upload.name}</span>
      <span class="text-secondary upload-word">${word(upload, share)}</span>
      ${state === "refused"
        ? nothing
        : html`<progress max="100" .value=${share} aria-label=${t("{name} is being sent", { name: upload.name })}></progress>`}
      <span class="upload-acts">
        ${state === "sending" ? button(icon("player-pause"), t("Pause"), () => uploads.pause(key)) : nothing}
        ${state === "paused" || state === "waiting"
          ? button(icon("player-play"), t("Go on"), () => uploads.resume(key))
          : nothing}
        ${state === "done" ? nothing : button(icon("x"), t("Cancel upload"), () => uploads.drop(key))}
      </span>
    </li>`;
  }
}

function word(upload: Upload, share: number): string {
  switch (upload.state) {
    case "queued":
      return t("Queued");
    case "sending":
      return t("{share} % of {size}", { share, size: size(upload.size) });
    case "paused":
      return t("Paused at {share} %", { share });
    case "done":
      return t("Here");
    default:
      return upload.reason;
  }
}

function button(picture: TemplateResult, label: string, act: () => void) {
  return html`<button type="button" class="btn btn-quiet" aria-label=${label} data-tip=${label} @click=${act}>
    ${picture}
  </button>`;
}
