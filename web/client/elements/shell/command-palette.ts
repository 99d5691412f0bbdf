import { html, nothing } from "lit";
import type { TemplateResult } from "lit";
import type { ClosedName, Found } from "../../contract";
import { search } from "../../data/search";
import { cap, keyed, shortcuts } from "../../data/shortcuts";
import { FOUND } from "../../finds";
import { fitting } from "../../models/palette";
import type { Offer } from "../../models/palette";
import { locale } from "../../models/locale";
import { t } from "../../models/words";
import { icon } from "../icon";
import { LightElement } from "../light-element";

const ASK_AFTER = 120;

/** Ctrl-K: everything on this page that has a key, every place, and what the search finds. */
export class CommandPaletteElement extends LightElement {
  private typed = "";
  private chosen = 0;
  private here: Offer[] = [];
  private found: Offer[] = [];
  private asked: AbortController | null = null;
  private due: ReturnType<typeof setTimeout> | undefined;

  protected override render(): TemplateResult {
    return html`<button
        type="button"
        class="palette-open"
        data-key="mod+k"
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+K Meta+K"
        @click=${() => this.open()}
      >
        ${icon("search")}<span>${t("Search or jump to…")}</span><kbd>${cap("mod+k")}</kbd>
      </button>
      <dialog class="palette" aria-label=${t("Search or jump to…")} @close=${() => this.requestUpdate()} @click=${(event: Event) => this.closeOutside(event)}>
        ${this.dialog?.open ? this.inside() : nothing}
      </dialog>`;
  }

  private inside(): TemplateResult {
    const offers = this.offers;
    return html`<div class="palette-ask">
        ${icon("search")}
        <input
          type="text"
          role="combobox"
          autocomplete="off"
          spellcheck="false"
          autofocus
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant=${offers.length ? `palette-${this.chosen}` : nothing}
          aria-label=${t("Search or jump to…")}
          placeholder=${t("A room, a person, a task, a message…")}
          .value=${this.typed}
          @input=${(event: InputEvent) => this.type((event.target as HTMLInputElement).value)}
          @keydown=${(event: KeyboardEvent) => this.press(event)}
        />
        <button type="button" class="palette-close" aria-label=${t("Close")} @click=${() => this.dialog?.close()}><kbd>Esc</kbd></button>
      </div>
      <div class="palette-list" id="palette-list" role="listbox" aria-label=${t("Where to")}>
        ${offers.map((offer, index) => this.line(offer, index, offers[index - 1]?.group))}
        ${offers.length ? nothing : html`<p class="palette-none" role="presentation">${t("No matches.")}</p>`}
      </div>
      <div class="palette-foot" aria-hidden="true">
        <span><kbd>↑</kbd> <kbd>↓</kbd> ${t("choose")}</span><span><kbd>↵</kbd> ${t("go")}</span>
      </div>`;
  }

  private line(offer: Offer, index: number, before: string | undefined): TemplateResult {
    return html`${offer.group === before ? nothing : html`<div class="palette-head" role="presentation">${offer.group}</div>`}
      <div
        class="palette-item"
        id="palette-${index}"
        role="option"
        aria-selected=${index === this.chosen}
        aria-disabled=${offer.closed ? "true" : nothing}
        @pointermove=${() => this.choose(index)}
        @click=${() => this.take(offer)}
      >
        ${icon(offer.icon)}<span class="palette-title">${offer.title}</span><small>${offer.detail}</small>
        ${offer.key && shortcuts.on ? html`<kbd>${cap(offer.key)}</kbd>` : nothing}
      </div>`;
  }

  private get dialog(): HTMLDialogElement | null {
    return this.querySelector("dialog");
  }

  private get offers(): Offer[] {
    return [...fitting(this.here, this.typed), ...this.found];
  }

  private open(): void {
    if (this.dialog?.open) return;
    this.here = [...keyed().filter((element) => !this.contains(element)).map(offerOf), keysSwitch()];
    [this.typed, this.chosen, this.found] = ["", 0, []];
    this.dialog?.showModal();
    this.requestUpdate();
    void this.updateComplete.then(() => this.querySelector("input")?.focus());
  }

  private type(words: string): void {
    [this.typed, this.chosen] = [words, 0];
    clearTimeout(this.due);
    this.asked?.abort();
    if (words.trim().length < 2) this.found = [];
    else this.due = setTimeout(() => void this.ask(words.trim()), ASK_AFTER);
    this.requestUpdate();
  }

  private async ask(words: string): Promise<void> {
    const asked = (this.asked = new AbortController());
    const found = await search(words, asked.signal).catch(() => null);
    if (asked.signal.aborted) return;
    const { results, closed, ask } = found ?? { results: [], closed: [], ask: [] };
    this.found = [...results.map((result) => foundOffer(result)), ...closed.map((each) => closedOffer(each, ask))];
    this.requestUpdate();
  }

  private press(event: KeyboardEvent): void {
    const { length } = this.offers;
    const offer = this.offers[this.chosen];
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    const step = steps[event.key];
    if (step && length) {
      event.preventDefault();
      const next = this.chosen + step;
      this.choose(Math.abs(step) === 1 ? (next + length) % length : Math.min(Math.max(0, next), length - 1));
    } else if (event.key === "Enter" && offer) {
      event.preventDefault();
      this.take(offer);
    }
  }

  private choose(index: number): void {
    if (index === this.chosen) return;
    this.chosen = index;
    this.requestUpdate();
    void this.updateComplete.then(() => this.querySelector(`#palette-${index}`)?.scrollIntoView({ block: "nearest" }));
  }

  private take(offer: Offer): void {
    if (offer.closed) return;
    this.dialog?.close();
    offer.take();
  }

  private closeOutside(event: Event): void {
    if (event.target === this.dialog) this.dialog?.close();
  }
}

/** Something on the page that has a key, in its own words. */
function offerOf(element: HTMLElement): Offer {
  const place = element.matches(".place");
  return {
    group: place ? t("Main menu") : t("On this page"),
    title: (element.getAttribute("aria-label") ?? element.textContent ?? "").trim().replace(/\s+/g, " "),
    detail: "",
    key: element.dataset["key"] ?? "",
    icon: element.querySelector("use")?.getAttribute("href")?.split("#")[1] ?? "point",
    take: () => (element.matches("input, textarea") ? element.focus() : element.click()),
  };
}

function keysSwitch(): Offer {
  const { on } = shortcuts;
  return {
    group: t("On this page"),
    title: on ? t("Turn off single-key shortcuts") : t("Turn on single-key shortcuts"),
    detail: "",
    key: "",
    icon: "keyboard",
    take: () => (shortcuts.on = !on),
  };
}

function foundOffer({ kind, title, detail, url }: Found): Offer {
  return { group: t("Results"), title, detail, key: "", icon: (FOUND[kind] ?? ANYTHING).icon, take: () => location.assign(url) };
}

/** Something that one may know of, so that it isn't begun twice, and can't open. */
function closedOffer({ kind, title }: ClosedName, ask: string[]): Offer {
  const what = kind === "room" ? t("A room you aren't in.") : t("A client you don't manage.");
  const whom = ask.length ? t("Ask {who}.", { who: new Intl.ListFormat(locale.language, { type: "disjunction" }).format(ask) }) : "";
  return {
    group: t("Exists, but you can't open it"),
    title,
    detail: `${what} ${whom}`.trim(),
    key: "",
    icon: "lock",
    closed: true,
    take: () => undefined,
  };
}

/** What a newer server may find. */
const ANYTHING = { icon: "point" };

customElements.define("command-palette", CommandPaletteElement);
