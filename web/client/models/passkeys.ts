/** Passkeys' bytes: JSON has them in base64url, the browser wants buffers. Source: WebAuthn Level 3, section 5.1. */

export interface Described {
  id: string;
  type: "public-key";
  transports?: AuthenticatorTransport[];
}

/** What the server asks for when a passkey is to be made. */
export interface Making {
  rp: PublicKeyCredentialRpEntity;
  user: { id: string; name: string; displayName: string };
  challenge: string;
  pubKeyCredParams: PublicKeyCredentialParameters[];
  timeout?: number;
  excludeCredentials?: Described[];
  authenticatorSelection?: AuthenticatorSelectionCriteria;
  attestation?: AttestationConveyancePreference;
}

/** What the server asks for when a passkey is to be used. */
export interface Using {
  rpId?: string;
  challenge: string;
  timeout?: number;
  allowCredentials?: Described[];
  userVerification?: UserVerificationRequirement;
}

export function toBytes(text: string): Uint8Array<ArrayBuffer> {
  const padded = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(padded), (letter) => letter.charCodeAt(0));
}

export function toText(buffer: ArrayBuffer | null): string {
  const letters = Array.from(new Uint8Array(buffer ?? new ArrayBuffer(0)), (byte) => String.fromCharCode(byte));
  return btoa(letters.join("")).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export function making(asked: Making): PublicKeyCredentialCreationOptions {
  const { excludeCredentials, ...rest } = asked;
  return {
    ...rest,
    challenge: toBytes(asked.challenge),
    user: { ...asked.user, id: toBytes(asked.user.id) },
    excludeCredentials: (excludeCredentials ?? []).map(described),
  };
}

export function using(asked: Using): PublicKeyCredentialRequestOptions {
  const { allowCredentials, ...rest } = asked;
  return { ...rest, challenge: toBytes(asked.challenge), allowCredentials: (allowCredentials ?? []).map(described) };
}

/** What the browser has made, as JSON. */
export function made(credential: PublicKeyCredential): object {
  const response = credential.response as AuthenticatorAttestationResponse;
  return {
    ...named(credential),
    response: {
      clientDataJSON: toText(response.clientDataJSON),
      attestationObject: toText(response.attestationObject),
      transports: response.getTransports(),
    },
  };
}

/** What a passkey has answered, as JSON. */
export function used(credential: PublicKeyCredential): object {
  const response = credential.response as AuthenticatorAssertionResponse;
  return {
    ...named(credential),
    response: {
      clientDataJSON: toText(response.clientDataJSON),
      authenticatorData: toText(response.authenticatorData),
      signature: toText(response.signature),
      userHandle: response.userHandle ? toText(response.userHandle) : null,
    },
  };
}

function named(credential: PublicKeyCredential): object {
  return { id: credential.id, rawId: toText(credential.rawId), type: credential.type, clientExtensionResults: {} };
}

function described(known: Described): PublicKeyCredentialDescriptor {
  const { id, type, transports } = known;
  return transports?.length ? { id: toBytes(id), type, transports } : { id: toBytes(id), type };
}
