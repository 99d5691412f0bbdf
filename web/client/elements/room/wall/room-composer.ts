/** Where one writes to the room: it says who will read it, keeps what was typed, and sends it on its way. */
import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { named } from "../../../data/uploads";
import { clock } from "../../../models/clock";
import { coded, spelled, typed } from "../../../models/mentions";
import type { Draft } from "../../../models/outbox";
import { t } from "../../../models/words";
import { icon } from "../../icon";
import "./mention-list";
import type { MentionListElement } from "./mention-list";
import { RoomElement } from "../room-element";
import { rich, size } from "../room-parts";

export interface Written {
  body: string;
  audience: "all" | "team";
  files: File[];
}

@customElement("room-composer")
export class RoomComposerElement extends RoomElement {
  @property({ attribute: false }) draft!: Draft;
  @property({ attribute: false }) typing: string[] = [];
  @state() private files: File[] = [];
  /** For whom it is, where who writes has said so. */
  @state() private chosen: "all" | "team" | null = null;
  @state() private blank = true;
  @query("textarea") private field!: HTMLTextAreaElement;
  @query("mention-list") private names!: MentionListElement;
  @query("input[type=file]") private picker!: HTMLInputElement;

  /** Puts words back, as when a refused message is to be written anew. */
  write(body: string, audience: "all" | "team"): void {
    const words = spelled(body, this.room.addressed);
    const before = words.text && this.field.value ? `${words.text}\n\n` : words.text;
    this.field.value = before + this.field.value;
    this.names.precede(before, words.picked);
    this.chosen = audience;
    this.changed();
    this.take();
  }

  take(): void {
    this.field.focus();
  }

  add(files: Iterable<File>): void {
    this.files = [...this.files, ...Array.from(files, (file) => named(file, new Date(clock.now())))];
    this.take();
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has("draft")) {
      this.chosen = this.draft.audience;
      this.blank = !this.draft.body.trim();
    }
  }

  protected override firstUpdated(): void {
    this.field.value = this.draft.body;
    this.grow();
  }

  protected override render() {
    const team = this.audience === "team";
    return html`
      <form class="composer ${team ? "composer-team" : ""}" @submit=${this.submitted}>
        <div class="composer-audience" id="composer-audience">
          <span class="composer-readers">${team ? icon("lock") : icon("eye")} <span>${this.readers()}</span></span>
          ${this.room.isClient
            ? nothing
            : html`<button
                type="button"
                class="btn-switch ${team ? "btn-switch-on" : ""}"
                role="switch"
                aria-checked=${team ? "true" : "false"}
                data-key="alt+t"
                data-tip=${t("Only the team sees it")}
                @click=${this.switched}
              >
                ${icon("lock")} ${t("Team only")}
              </button>`}
        </div>
        ${this.files.length ? this.chosenFiles() : nothing}
        <div class="composer-line">
          <div class="composer-field">
            <textarea
              class="form-control"
              rows="2"
              name="body"
              placeholder=${team ? t("Write to the team…") : t("Write to the room…")}
              aria-label=${t("Message")}
              aria-describedby="composer-audience"
              data-key="c"
              @input=${this.changed}
              @keydown=${this.pressed}
              @paste=${this.pasted}
            ></textarea>
            <mention-list .room=${this.room}></mention-list>
            <button
              type="button"
              class="composer-attach"
              aria-label=${t("Attach files")}
              data-tip=${t("Attach files")}
              @click=${() => this.picker.click()}
            >
              ${icon("paperclip")}
            </button>
          </div>
          <button
            class="btn btn-primary btn-icon composer-send"
            aria-label=${t("Send")}
            data-tip=${t("Enter to send, Shift+Enter for a new line")}
            ?disabled=${this.blank && !this.files.length}
          >
            ${icon("send")}
          </button>
        </div>
        <input type="file" multiple hidden tabindex="-1" aria-label=${t("Files")} @change=${this.picked} />
        <p class="composer-typing" aria-live="polite">${this.typingWords()}</p>
      </form>
    `;
  }

  /** Files are the team's until someone says otherwise. */
  private get audience(): "all" | "team" {
    if (this.room.isClient) return "all";
    return this.chosen ?? (this.files.length ? "team" : this.room.things.room.default_audience);
  }

  private readers() {
    const { room } = this;
    if (room.isClient) return t("Everyone here sees this");
    if (this.audience === "team") return t("Only the team sees this");
    const names = room.clients.map((person) => person.name);
    if (!names.length) return t("Everyone here sees this. There are no clients in the room.");
    return rich(t("Everyone here sees this, including {names}"), { names: listOf(names) });
  }

  private typingWords(): string {
    if (!this.typing.length) return "";
    if (this.typing.length === 1) return t("{name} is typing…", { name: this.typing[0]! });
    return t("{names} are typing…", { names: listOf(this.typing) });
  }

  private chosenFiles() {
    return html`<ul class="composer-files">
      ${this.files.map(
        (file, place) => html`<li>
          ${icon("paperclip")} <span class="text-truncate">${file.name}</span>
          <small class="text-secondary">${size(file.size)}</small>
          <button
            type="button"
            class="btn-close"
            aria-label=${t("Leave {name} out", { name: file.name })}
            @click=${() => (this.files = this.files.filter((_, other) => other !== place))}
          ></button>
        </li>`,
      )}
    </ul>`;
  }

  private submitted(event: Event): void {
    event.preventDefault();
    const body = typed(coded(this.field.value, this.names.picked, this.room.called));
    if (!body && !this.files.length) return;
    this.tell("wall-send", { body, audience: this.audience, files: this.files } satisfies Written);
    if (this.chosen === this.room.things.room.default_audience) this.chosen = null;
    this.files = [];
    this.field.value = "";
    this.names.reset();
    this.blank = true;
    this.keep();
    this.grow();
    this.take();
  }

  private switched(): void {
    this.chosen = this.audience === "team" ? "all" : "team";
    this.keep();
    this.take();
  }

  private changed(): void {
    this.blank = !this.field.value.trim();
    this.keep();
    this.grow();
    this.names.look();
    // To say that someone types would tell the client of words that aren't for them.
    if (!this.blank && this.audience === "all") this.tell("wall-typing");
  }

  private keep(): void {
    this.tell("wall-draft", { body: this.field.value, audience: this.chosen } satisfies Draft);
  }

  private grow(): void {
    const { field } = this;
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight + 2, Math.round(innerHeight * 0.4))}px`;
  }

  private pressed(event: KeyboardEvent): void {
    if (this.names.pressed(event)) return;
    const touch = matchMedia("(pointer: coarse)").matches;
    const sends = event.ctrlKey || event.metaKey || (!event.shiftKey && !touch);
    if (event.key === "Enter" && sends && !event.isComposing) {
      event.preventDefault();
      this.field.form?.requestSubmit();
    } else if (event.key === "ArrowUp" && !this.field.value) {
      event.preventDefault();
      this.tell("wall-edit-last");
    }
  }

  private pasted(event: ClipboardEvent): void {
    const files = event.clipboardData?.files;
    if (!files?.length) return;
    event.preventDefault();
    this.add(files);
  }

  private picked(): void {
    this.add(this.picker.files ?? []);
    this.picker.value = "";
  }
}

function listOf(names: string[]): string {
  return new Intl.ListFormat(document.documentElement.lang || "en").format(names);
}
