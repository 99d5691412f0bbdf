/** Passkeys: asking the server what to ask the browser, and taking its answer back. */
import { RefusalError, refusalOf } from "../models/refusal";
import { made, making, used, using } from "../models/passkeys";
import type { Making, Using } from "../models/passkeys";
import { t } from "../models/words";

export const passkeysWork = (): boolean => "PublicKeyCredential" in window && window.isSecureContext;

/** Makes a passkey for who is signed in. Raises RefusalError. */
export async function makePasskey(name: string, password: string): Promise<void> {
  const { options } = await post<{ options: Making }>("/account/passkeys/options", { password });
  const credential = await asked(navigator.credentials.create({ publicKey: making(options) }));
  await post("/account/passkeys", { name, credential: made(credential) });
}

/** Signs in with a passkey; gives where to go on. Raises RefusalError. */
export async function signInByPasskey(onward: string, second: boolean): Promise<string> {
  const { options } = await post<{ options: Using }>("/sign-in/passkey/options", { second });
  const credential = await asked(navigator.credentials.get({ publicKey: using(options) }));
  return (await post<{ onward: string }>("/sign-in/passkey", { credential: used(credential), onward, second })).onward;
}

async function asked(asking: Promise<Credential | null>): Promise<PublicKeyCredential> {
  const credential = await asking.catch((error: unknown) => Promise.reject(refusedByBrowser(error)));
  if (!credential) throw refusedByBrowser(null);
  return credential as PublicKeyCredential;
}

function refusedByBrowser(error: unknown): RefusalError {
  const name = error instanceof DOMException ? error.name : "";
  const messages: Partial<Record<string, string>> = {
    InvalidStateError: t("This device already has a passkey for Atrium."),
    SecurityError: t("Passkeys work only if Atrium has its own host name, such as atrium.example, and https."),
  };
  return new RefusalError({ code: "passkey", message: messages[name] ?? t("No passkey was used. Please try again.") });
}

async function post<Answer>(address: string, body: object): Promise<Answer> {
  const response = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(body),
  }).catch(() => null);
  const answer = (await response?.json().catch(() => null)) as ({ ok?: boolean } & Answer) | null | undefined;
  if (answer?.ok) return answer;
  if (answer) throw refusalOf(answer);
  throw new RefusalError({ code: "unreachable", message: t("The server can't be reached. Please try again in a moment.") });
}
