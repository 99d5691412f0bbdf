import { describe, expect, it } from "vitest";
import { made, making, toBytes, toText, used, using } from "../models/passkeys";

const bytes = (...values: number[]): ArrayBuffer => Uint8Array.from(values).buffer;

describe("passkeys' bytes", () => {
  it("go into text and back, whatever they are", () => {
    for (const text of ["", "AA", "-_-_", "AAECAwQ"]) expect(toText(toBytes(text).buffer)).toBe(text);
    expect([...toBytes("-_8")]).toEqual([251, 255]);
    expect(toText(null)).toBe("");
  });

  it("are bytes in what the browser is asked", () => {
    const asked = making({
      rp: { id: "localhost", name: "Atrium" },
      user: { id: "AQI", name: "ana@atelier.example", displayName: "Ana" },
      challenge: "AwQ",
      pubKeyCredParams: [{ type: "public-key", alg: -7 }],
      excludeCredentials: [{ id: "BQ", type: "public-key", transports: [] }],
    });
    expect([...(asked.challenge as Uint8Array)]).toEqual([3, 4]);
    expect([...(asked.user.id as Uint8Array)]).toEqual([1, 2]);
    expect(asked.excludeCredentials).toEqual([{ id: Uint8Array.from([5]), type: "public-key" }]);
    const wanted = using({ challenge: "AwQ", rpId: "localhost", allowCredentials: [{ id: "BQ", type: "public-key", transports: ["internal"] }] });
    expect(wanted.allowCredentials).toEqual([{ id: Uint8Array.from([5]), type: "public-key", transports: ["internal"] }]);
  });

  it("are text in what the server is told", () => {
    const credential = { id: "BQ", rawId: bytes(5), type: "public-key" };
    const making = { clientDataJSON: bytes(1), attestationObject: bytes(2), getTransports: () => ["internal"] };
    expect(made({ ...credential, response: making } as unknown as PublicKeyCredential)).toMatchObject({
      rawId: "BQ",
      response: { clientDataJSON: "AQ", attestationObject: "Ag", transports: ["internal"] },
    });
    const using = { clientDataJSON: bytes(1), authenticatorData: bytes(2), signature: bytes(3), userHandle: null };
    expect(used({ ...credential, response: using } as unknown as PublicKeyCredential)).toMatchObject({
      response: { authenticatorData: "Ag", signature: "Aw", userHandle: null },
    });
  });
});
