/** The room's files: dropped here, sent resumably, shared with the client by one click that says so. */
import { html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import type { FileForm } from "../../../contract";
import { uploads } from "../../../data/uploads";
import { forTheTeam } from "../../../models/audiences";
import { exact, relative } from "../../../models/time";
import { t } from "../../../models/words";
import { DropZone } from "./file-drop";
import { icon } from "../../icon";
import { ask } from "../room-ask";
import { RoomElement } from "../room-element";
import "../room-menu";
import type { MenuLine } from "../room-menu";
import { empty, fileIcon, fileUrl, pointAt, size, teamMark } from "../room-parts";
import type { RoomTab } from "../tab-element";
import "./room-uploads";

@customElement("room-files")
export class RoomFilesElement extends RoomElement {
  static readonly tab: RoomTab<RoomFilesElement> = {
    name: () => t("Files"),
    count: "files",
    thing: "file",
    key: "u",
    press: (files) => files.choose(),
  };

  @state() private renaming: string | null = null;
  @state() private audience: "all" | "team" | null = null;
  @query("input[type=file]") private picker!: HTMLInputElement;

  override connectedCallback(): void {
    super.connectedCallback();
    this.listen(uploads, "change", () => this.requestUpdate());
    const zone = new DropZone(this, (files) => this.send(files));
    this.until(() => zone.end());
  }

  /** Opens the device's chooser. */
  choose(): void {
    this.picker?.click();
  }

  point(fileId: string): void {
    void this.updateComplete.then(() => pointAt(`file-${fileId}`));
  }

  protected override render() {
    const { room } = this;
    const files = [...room.things.files].sort((a, b) => b.added_at.localeCompare(a.added_at));
    return html`
      ${this.mayAdd ? this.tools() : nothing}
      <room-uploads .room=${room}></room-uploads>
      ${files.length || uploads.of(room.id).length ? nothing : this.nothingYet()}
      <ul class="file-list">
        ${repeat(files, (file) => file.id, (file) => this.line(file))}
      </ul>
      <div class="drop-veil" aria-hidden="true">${icon("upload")} ${this.dropWords()}</div>
    `;
  }

  private tools() {
    const { room } = this;
    return html`<div class="pane-tools">
      <button type="button" class="btn btn-primary" data-key="u" data-tip=${t("Add files")} @click=${this.choose}>
        ${icon("upload")} ${t("Add files")}
      </button>
      <span class="text-secondary pane-hint">${t("or drop them anywhere here")}</span>
      ${room.isClient
        ? nothing
        : html`<label class="field-inline ms-auto">
            <span class="visually-hidden">${t("Who sees new files")}</span>
            <select class="form-select form-select-sm" @change=${this.audienceChosen}>
              <option value="all" ?selected=${this.newAudience === "all"}>${this.everyone()}</option>
              <option value="team" ?selected=${this.newAudience === "team"}>${t("Team only")}</option>
            </select>
          </label>`}
      <input type="file" multiple hidden aria-label=${t("Files")} @change=${this.picked} />
    </div>`;
  }

  private line(file: FileForm) {
    const { room } = this;
    const team = forTheTeam(file.audience);
    return html`<li class="file-line ${team ? "team-ground" : ""}" id="file-${file.id}">
      <a class="file-thumb" href=${fileUrl(file)} target="_blank" rel="noopener" tabindex="-1" aria-hidden="true">
        ${file.preview
          ? html`<img src="/files/${file.id}/preview" loading="lazy" alt="" />`
          : icon(fileIcon(file), "text-primary")}
      </a>
      <div class="file-words">
        ${this.renaming === file.id
          ? this.renameForm(file)
          : html`<a class="file-name" href=${fileUrl(file)}>${file.name}</a>`}
        <div class="file-facts">
          <span>${size(file.size)}</span>
          <span>${room.signed(file.author_id, file.acted_by)}</span>
          <time datetime=${file.added_at} title=${exact(file.added_at)}>${relative(file.added_at)}</time>
          ${teamMark(file.audience)}
        </div>
      </div>
      ${this.shareButton(file)}
      <room-menu
        label=${t("What to do with {name}", { name: file.name })}
        .face=${icon("dots")}
        .lines=${() => this.menuLines(file)}
      ></room-menu>
    </li>`;
  }

  private shareButton(file: FileForm) {
    const { room } = this;
    if (room.isClient || !room.may("file.change")) return nothing;
    if (file.audience === "all") {
      return html`<span class="file-shared" data-tip=${t("The client sees this file")}>${icon("eye")} <span>${t("shared")}</span></span>`;
    }
    return html`<button type="button" class="btn btn-sm file-share" @click=${() => this.share(file, "all")}>
      ${icon("share")} ${this.shareWords()}
    </button>`;
  }

  private menuLines(file: FileForm): MenuLine[] {
    const { room } = this;
    const lines: MenuLine[] = [
      { label: t("Download"), icon: "download", act: () => this.download(file) },
    ];
    const own = file.author_id === room.myId;
    if (room.may("file.change") && (!room.isClient || own)) {
      lines.push({ label: t("Rename"), icon: "edit", act: () => this.rename(file) });
      if (!room.isClient) {
        lines.push(
          file.audience === "all"
            ? { label: t("Make team only"), icon: "lock", act: () => void this.share(file, "team") }
            : { label: this.shareWords(), icon: "share", act: () => void this.share(file, "all") },
        );
      }
    }
    if (room.may("file.remove") && (!room.isClient || own)) {
      lines.push({ label: t("Remove for everyone"), icon: "trash", danger: true, act: () => void this.erase(file) });
    }
    return lines;
  }

  private renameForm(file: FileForm) {
    return html`<form class="rename" @submit=${(event: Event) => this.renamed(event, file)} @keydown=${this.renamePressed}>
      <input class="form-control form-control-sm" name="name" required maxlength="200" aria-label=${t("Its name")} .value=${file.name} />
      <button class="btn btn-sm btn-primary">${t("Save")}</button>
    </form>`;
  }

  private nothingYet() {
    const { room } = this;
    return empty(
      icon("files"),
      t("No files yet"),
      room.isClient ? t("Drop your files here.") : t("Drop files here. Share each with the client when it's ready."),
      this.mayAdd
        ? html`<button type="button" class="btn btn-primary" @click=${this.choose}>${icon("upload")} ${t("Add files")}</button>`
        : nothing,
    );
  }

  private get mayAdd(): boolean {
    return this.room.may("file.add");
  }

  private get newAudience(): "all" | "team" {
    if (this.room.isClient) return "all";
    // What is dropped is the team's until someone shares it.
    return this.audience ?? "team";
  }

  private everyone(): string {
    const names = this.room.clients.map((person) => person.name).join(", ");
    return names ? t("Everyone here, including {names}", { names }) : t("Everyone here");
  }

  private shareWords(): string {
    const names = this.room.clients.map((person) => person.name).join(", ");
    return names ? t("Share with {names}", { names }) : t("Share with the client");
  }

  private dropWords(): string {
    return this.newAudience === "team" ? t("Drop to share with the team") : t("Drop to share with everyone here");
  }

  private audienceChosen(event: Event): void {
    this.audience = (event.target as HTMLSelectElement).value as "all" | "team";
  }

  private picked(): void {
    this.send([...(this.picker.files ?? [])]);
    this.picker.value = "";
  }

  private send(files: File[]): void {
    if (!this.mayAdd) return;
    // What comes of each is said on its own line.
    for (const file of files) uploads.send(this.room.id, file, this.newAudience).whole.catch(() => undefined);
  }

  private async share(file: FileForm, audience: "all" | "team"): Promise<void> {
    if (!(await this.act("file.change", { file_id: file.id, audience }))) return;
    this.say(
      audience === "all"
        ? t("{name} is now shared with everyone here.", { name: file.name })
        : t("{name} is team only again.", { name: file.name }),
    );
  }

  private rename(file: FileForm): void {
    this.renaming = file.id;
    void this.updateComplete.then(() => {
      const field = this.querySelector<HTMLInputElement>(".rename input");
      field?.focus();
      field?.setSelectionRange(0, Math.max(0, file.name.lastIndexOf(".")) || file.name.length);
    });
  }

  private async renamed(event: Event, file: FileForm): Promise<void> {
    event.preventDefault();
    const name = this.querySelector<HTMLInputElement>(".rename input")!.value.trim();
    if (!name) return;
    if (name === file.name || (await this.act("file.change", { file_id: file.id, name }))) this.renaming = null;
  }

  private renamePressed(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.key === "Escape") this.renaming = null;
  }

  private download(file: FileForm): void {
    const link = document.createElement("a");
    link.href = fileUrl(file);
    link.download = file.name;
    link.click();
  }

  private async erase(file: FileForm): Promise<void> {
    const sure = await ask({
      title: t("Remove {name}?", { name: file.name }),
      text: t("It's removed for everyone, from the wall too. This can't be undone."),
      act: t("Remove"),
      danger: true,
    });
    if (sure) await this.act("file.remove", { file_id: file.id });
  }
}
