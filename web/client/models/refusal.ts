/** What the server answers when it won't: `{ok: false, error: {code, message, fields?}}`. */

export interface WireError {
  code: string;
  message: string;
  fields?: Record<string, string>;
  retry_after_seconds?: number;
}

const PASSING = new Set(["unavailable", "overloaded", "too_many"]);

export class RefusalError extends Error {
  readonly code: string;
  readonly fields: Record<string, string>;
  readonly retryAfterSeconds: number | null;

  constructor(error: WireError) {
    super(error.message);
    this.name = "RefusalError";
    this.code = error.code;
    this.fields = error.fields ?? {};
    this.retryAfterSeconds = error.retry_after_seconds ?? null;
  }

  /** It may well go through later with nothing changed. */
  get passing(): boolean {
    return PASSING.has(this.code) || this.code.startsWith("too_many_");
  }
}

/** What is wrong in words, with each field's own. */
export function spoken(refusal: RefusalError): string {
  return [...new Set([refusal.message, ...Object.values(refusal.fields)])].join(" ");
}

export function refusalOf(answer: unknown, code = "unavailable"): RefusalError {
  const error = (answer as { error?: Partial<WireError> } | null)?.error;
  return new RefusalError({ ...error, code: error?.code ?? code, message: error?.message ?? code });
}
