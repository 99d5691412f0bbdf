/** In which language and time zone the page speaks; set once by `data/page.ts`. */

export interface Locale {
  language: string;
  timeZone: string | undefined;
}

export const locale: Locale = { language: "en", timeZone: undefined };
