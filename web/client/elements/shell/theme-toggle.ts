import { html } from "lit";
import type { TemplateResult } from "lit";
import { run } from "../../data/commands";
import { t } from "../../models/words";
import { icon } from "../icon";
import { LightElement } from "../light-element";

type Theme = "auto" | "light" | "dark";

/** Light, dark, or as the device says: on this screen at once, and with the account from then on. */
export class ThemeToggleElement extends LightElement {
  private get theme(): Theme {
    return (document.documentElement.dataset["bsTheme"] as Theme | undefined) ?? "auto";
  }

  protected override render(): TemplateResult {
    const { now, glyph } = this.words();
    return html`<button type="button" class="btn btn-quiet" data-tip=${now} aria-label=${now} @click=${() => this.turn()}>${glyph}</button>`;
  }

  private words(): { now: string; glyph: TemplateResult } {
    if (this.theme === "light") return { now: t("Theme: light"), glyph: icon("sun") };
    if (this.theme === "dark") return { now: t("Theme: dark"), glyph: icon("moon") };
    return { now: t("Theme: system"), glyph: icon("contrast") };
  }

  private turn(): void {
    const theme = NEXT[this.theme];
    document.documentElement.dataset["bsTheme"] = theme;
    // A colour isn't worth a word of error: it is what it is here until the next page.
    void run("account.change", { theme }).catch(() => undefined);
    this.requestUpdate();
  }
}

const NEXT: Record<Theme, Theme> = { auto: "light", light: "dark", dark: "auto" };

customElements.define("theme-toggle", ThemeToggleElement);
