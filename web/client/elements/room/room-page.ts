/** The room's page: holds the room's stream, and shows its tabs. */
import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { html as ofName, unsafeStatic } from "lit/static-html.js";
import type { Absence, Department, Snapshot } from "../../contract";
import { feed, type Drawn, type RoomStream } from "../../data/feed";
import { embedded } from "../../data/page";
import { departments } from "../../data/rooms";
import { shortcuts } from "../../data/shortcuts";
import type { Change, Places } from "../../data/stream";
import { RoomView } from "../../models/room";
import { t } from "../../models/words";
import { NEEDED, TABS, type Part, type Tab } from "../../parts";
import { ELEMENTS } from "../../tab-elements";
import { icon } from "../icon";
import { RoomElement } from "./room-element";
import "./room-header";
import "./room-members";
import type { RoomMembersElement } from "./room-members";
import "./room-now";
import "./room-places";
import type { RoomPlacesElement } from "./room-places";
import "./room-settings";
import type { RoomSettingsElement } from "./room-settings";
import { paneOf, tabName, tabOf } from "./room-tabs";
import { waiting } from "./room-skeleton";
import type { TabElement } from "./tab-element";

/** Where the wall stands beside the work. */
const BESIDE = "(min-width: 1100px)";

/** Things that were read by themselves, and their list. */
type Known = [list: keyof Snapshot, ...things: { id: string }[]];

type Embedded = Snapshot & Places & { parts?: Part[] };

@customElement("room-page")
export class RoomPageElement extends RoomElement {
  @property({ attribute: "room-id" }) roomId = "";
  @property() tab: Tab = "overview";
  @state() private refused = false;
  @state() private beside = matchMedia(BESIDE).matches;
  @query("room-members") private members!: RoomMembersElement;
  @query("room-settings") private settings!: RoomSettingsElement;

  private stream: RoomStream | null = null;
  private absences: Absence[] = [];
  private departments: Department[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    this.stream = feed.enter(this.roomId, drawn());
    this.until(() => this.stream && feed.leave(this.stream));
    this.until(this.stream.subscribe((change) => this.told(change)));
    this.read();
    if (this.room && !this.room.isClient) this.hearOfTeam();
    this.listenHere();
  }

  protected override get drawable(): boolean {
    return this.room !== undefined;
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has("room")) document.title = `${this.room.things.room.title} · Atrium`;
  }

  protected override firstUpdated(): void {
    // By the next frame the parts within are drawn, too.
    requestAnimationFrame(() => performance.mark("room-drawn"));
    void this.point();
  }

  protected override render() {
    const { room, tab } = this;
    return html`
      <div class="room" data-tab=${tab}>
        <room-header .room=${room}></room-header>
        ${this.refused
          ? html`<div class="room-banner room-banner-danger" role="alert">
              ${icon("lock")} ${t("You're no longer in this room. This is how it was when you left.")}
            </div>`
          : nothing}
        <room-now .room=${room}></room-now>
        <room-tabs .room=${room} .tab=${tab} .beside=${this.beside}></room-tabs>
        <div class="room-body">
          <section class="room-pane" aria-label=${tabName(paneOf(tab))}>
            <div class="room-pane-inner">${this.pane()}</div>
          </section>
          <aside class="room-aside" aria-label=${tabName("wall")}><room-wall .room=${room}></room-wall></aside>
        </div>
      </div>
      ${TABS.map((each) => ELEMENTS[each].tab.everywhere?.(room) ?? nothing)}
      <room-members .room=${room}></room-members>
      <room-settings .room=${room}></room-settings>
    `;
  }

  private pane() {
    const { room, tab } = this;
    if (!NEEDED[tab].every((part) => room.has(part))) return waiting(tab);
    const element = unsafeStatic(nameOf(paneOf(tab)));
    return ofName`<${element} .room=${room}></${element}>`;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("tab")) void this.load(...NEEDED[this.tab]);
    const places = document.querySelector<RoomPlacesElement>("room-places");
    if (places) Object.assign(places, { room: this.room, tab: this.tab });
  }

  /** Brings parts of the room that aren't here yet. */
  private async load(...parts: Part[]): Promise<void> {
    if (this.stream && parts.some((part) => !this.room.has(part))) await feed.load(this.stream, ...parts);
  }

  private read(): void {
    const { things, refusal } = this.stream ?? {};
    if (!things || !("room" in things)) return;
    // Who was taken out may do nothing more.
    const seen = refusal ? { ...things, me: { ...things.me, may: [] } } : things;
    this.room = new RoomView(seen, this.absences, this.departments, this.stream!.parts);
  }

  /** Who is away stands in the business's stream, which clients have none of; departments are read beside it. */
  private hearOfTeam(): void {
    const team = feed.stream("business");
    const take = () => {
      const { absences } = team.things as { absences?: Absence[] };
      if (!absences || absences === this.absences) return;
      this.absences = absences;
      this.read();
    };
    this.until(() => feed.leave(team));
    this.until(team.subscribe((change) => {
      take();
      if (change.kind === "event" && change.event.name.startsWith("department")) void this.readDepartments();
    }));
    take();
    void this.readDepartments();
  }

  private async readDepartments(): Promise<void> {
    this.departments = await departments().catch(() => this.departments);
    this.read();
  }

  private told(change: Change): void {
    this.read();
    const shown = TABS.flatMap((tab) => this.shown(tab) ?? []);
    if (change.kind === "reset") shown.forEach((one) => one.reset?.());
    if (change.kind === "parts") shown.forEach((one) => one.settle?.());
    this.refused = change.kind === "refused";
    if (change.kind === "event") {
      // What one may do is another in an archived room.
      if (/^room\.(archived|restored)$/.test(change.event.name) && this.stream) feed.refresh(this.stream);
      shown.forEach((one) => one.heard?.(change.event));
    }
  }

  private listenHere(): void {
    this.listen(this, "room-members", () => this.members.show());
    this.listen(this, "room-settings", () => this.settings.show());
    this.listen(document, "click", (event: MouseEvent) => this.followed(event));
    this.listen(window, "popstate", () => (this.tab = tabOf(location.pathname)));
    this.listen(window, "hashchange", () => void this.point());
    this.listen(document, "room-part", (event: CustomEvent<Part[]>) => void this.load(...event.detail));
    this.listen(document, "room-known", (event: CustomEvent<Known>) => this.stream?.know(...event.detail));
    this.listen(document, "keydown", (event: KeyboardEvent) => this.pressed(event));
    this.listen(matchMedia(BESIDE), "change", (event: MediaQueryListEvent) => (this.beside = event.matches));
  }

  /** Links to the room's own parts are followed without a reload. */
  private followed(event: MouseEvent): void {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-tab]");
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.go(link.dataset["tab"] as Tab);
  }

  private go(tab: Tab): void {
    if (tab === this.tab) return;
    this.tab = tab;
    history.pushState(null, "", `/rooms/${this.roomId}/${tab}`);
  }

  private pressed(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typingIn(event.target)) return;
    if (document.querySelector("dialog[open], :popover-open")) return;
    // These reach into tabs that are not open; what is in sight has its key on itself.
    const tab = shortcuts.on ? TABS.find((each) => ELEMENTS[each].tab.key === event.key) : undefined;
    if (!tab) return;
    event.preventDefault();
    void this.open(tab, (shown) => ELEMENTS[tab].tab.press?.(shown));
  }

  /** The address may name one thing: #task-…, #message-…, #file-… */
  private async point(): Promise<void> {
    const [, thing, id] = /^#(\w+)-(.+)$/.exec(location.hash) ?? [];
    const tab = id && TABS.find((each) => ELEMENTS[each].tab.thing === thing);
    if (tab) await this.open(tab, (shown) => shown.point?.(id));
  }

  /** Goes to a tab, and does something there. */
  private async open(tab: Tab, act: (shown: TabElement) => unknown): Promise<void> {
    if (!(this.beside && tab === "wall")) this.go(tab);
    await this.load(...NEEDED[tab]);
    await this.updateComplete;
    const shown = this.shown(tab);
    if (shown) act(shown);
  }

  private shown(tab: Tab): TabElement | null {
    return this.querySelector<TabElement>(nameOf(tab));
  }
}

function nameOf(tab: Tab): string {
  return `room-${tab}`;
}

/** The state that the page brought, to be continued from its places in the logs. */
function drawn(): Drawn | null {
  const found = embedded<Embedded>("room-snapshot");
  if (!found?.at) return null;
  const { at, process_at, parts, ...snapshot } = found;
  return { at, ...(process_at && { process_at }), snapshot, ...(parts && { parts }) };
}

function typingIn(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName));
}
