/**
 * Challenges: work that a browser does for another try to sign in where too many tries were wrong. The number is
 * looked for whose scrypt begins as the challenge says (ALTCHA's proof of work, version 2). It takes no secure page:
 * what browsers bring themselves for hashing is missing on plain http.
 */
import { scrypt } from "@noble/hashes/scrypt.js";

export interface Challenge {
  parameters: {
    algorithm: string;
    cost: number;
    keyLength: number;
    keyPrefix: string;
    memoryCost: number;
    nonce: string;
    salt: string;
    data: { most: number };
  };
  signature: string;
}

/** How much of the work is done at most, from 0 to 1. */
export type Tell = (part: number) => void;

/** Does the work; gives what shows it, as it goes over the wire. */
export function solve(challenge: Challenge, tell: Tell = () => undefined): string {
  const { cost: N, memoryCost: r, keyLength: dkLen, keyPrefix, nonce, salt, data } = challenge.parameters;
  const password = new Uint8Array([...bytes(nonce), 0, 0, 0, 0]);
  const place = new DataView(password.buffer, password.length - 4);
  const salted = bytes(salt);
  for (let counter = 0; counter < data.most; counter++) {
    place.setUint32(0, counter);
    const derivedKey = hex(scrypt(password, salted, { N, r, p: 1, dkLen }));
    if (derivedKey.startsWith(keyPrefix)) return btoa(JSON.stringify({ challenge, solution: { counter, derivedKey } }));
    tell((counter + 1) / data.most);
  }
  throw new Error("This challenge has no solution");
}

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

function hex(found: Uint8Array): string {
  return Array.from(found, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
