import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { challengeFor, solved } from "../data/challenges";
import type { Challenge } from "../models/challenges";

const CHALLENGE = { parameters: { data: { most: 4 } }, signature: "" } as Challenge;
const ask = fetch;
let server: Server | undefined;

afterEach(() => {
  vi.unstubAllGlobals();
  server?.closeAllConnections();
  server?.close();
});

/** The page's server answers like this. */
async function answering(answer: RequestListener): Promise<void> {
  const started = (server = createServer(answer));
  await new Promise<void>((listening) => started.listen(0, "127.0.0.1", listening));
  const { port } = started.address() as AddressInfo;
  vi.stubGlobal("fetch", (path: string, asked: RequestInit) => ask(`http://127.0.0.1:${String(port)}${path}`, asked));
}

describe("asking whether a try takes work", () => {
  test("gives the work that the server sets", async () => {
    await answering((_request, response) => response.end(JSON.stringify({ ok: true, challenge: CHALLENGE })));
    expect(await challengeFor("ana@atrium.example")).toEqual(CHALLENGE);
  });

  test.each<[string, RequestListener]>([
    ["says nothing", () => undefined],
    ["stops amid its answer", (_request, response) => response.write('{"ok": true, "chal')],
  ])("ends without when the server %s", async (_what, answer) => {
    await answering(answer);
    expect(await challengeFor("ana@atrium.example", 200)).toBeNull();
  });
});

describe("having work done", () => {
  test("ends when the script that does it never begins", async () => {
    let ended = false;
    class SilentWorker {
      postMessage(): void {
        // its script is still on its way
      }
      terminate(): void {
        ended = true;
      }
    }
    vi.stubGlobal("Worker", SilentWorker);
    await expect(solved(CHALLENGE, "/static/solver.js", () => undefined, 200)).rejects.toThrow("couldn't be done");
    expect(ended).toBe(true);
  });
});
