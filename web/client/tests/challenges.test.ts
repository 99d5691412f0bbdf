import { createHmac, scryptSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { solve } from "../models/challenges";
import type { Challenge } from "../models/challenges";

const NONCE = "00112233445566778899aabbccddeeff";
const SALT = "ffeeddccbbaa99887766554433221100";

function derived(counter: number): string {
  const place = Buffer.alloc(4);
  place.writeUInt32BE(counter);
  return scryptSync(Buffer.concat([Buffer.from(NONCE, "hex"), place]), Buffer.from(SALT, "hex"), 32, { N: 64, r: 8, p: 1 }).toString("hex");
}

function challenge(counter: number, most: number): Challenge {
  const parameters = { algorithm: "SCRYPT", cost: 64, memoryCost: 8, keyLength: 32, nonce: NONCE, salt: SALT, keyPrefix: derived(counter).slice(0, 32), data: { most } };
  return { parameters, signature: createHmac("sha256", "secret").update(JSON.stringify(parameters)).digest("hex") };
}

interface Payload {
  challenge: Challenge;
  solution: { counter: number; derivedKey: string };
}

describe("solve", () => {
  test.each([0, 1, 300])("finds the number, here %i, as the server derives it", (counter) => {
    const set = challenge(counter, 301);
    const shown = JSON.parse(atob(solve(set))) as Payload;
    expect(shown.challenge).toEqual(set);
    expect(shown.solution).toEqual({ counter, derivedKey: derived(counter) });
  });

  test("tells how far it is", () => {
    const told: number[] = [];
    solve(challenge(3, 8), (part) => told.push(part));
    expect(told).toEqual([1 / 8, 2 / 8, 3 / 8]);
  });

  test("ends where there is nothing to find", () => {
    expect(() => solve(challenge(9, 8))).toThrow("no solution");
  });
});
