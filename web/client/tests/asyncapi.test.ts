/**
 * The socket's contract is one that a public validator accepts. Some operations at a time, each time with all
 * messages that they name: for each operation the validator walks through all messages of the channel.
 */
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";
import { expect, test } from "vitest";

const WARNING = 1;
const AT_A_TIME = 30;

const source = readFileSync(new URL("../../../docs/api/asyncapi.json", import.meta.url), "utf8");
const whole = JSON.parse(source) as {
  channels: { socket: { messages: object } };
  operations: Record<string, object>;
  components: { messages: object };
};
const operations = Object.entries(whole.operations);

test.each(portions())("the AsyncAPI document is valid (from operation %i)", async (_from, some) => {
  const portion = JSON.stringify(holding(Object.fromEntries(some)));
  const { document, diagnostics } = await new Parser().parse(portion);
  expect(diagnostics.filter(({ severity }) => severity <= WARNING)).toEqual([]);
  expect(document?.operations().length).toBe(some.length);
}, 300_000);

test("every message is some operation's", () => {
  expect(operations.length).toBeGreaterThan(50);
  expect(holding(whole.operations)).toEqual(whole);
});

function portions(): [number, [string, object][]][] {
  const starts = [...operations.keys()].filter((at) => at % AT_A_TIME === 0);
  return starts.map((at) => [at, operations.slice(at, at + AT_A_TIME)]);
}

/** The document with these operations alone, and the messages that they name. */
function holding(some: Record<string, object>): object {
  const named = new Set([...JSON.stringify(some).matchAll(/messages\/(\w+)"/g)].map(([, name]) => name!));
  const kept = (messages: object) => Object.fromEntries(Object.entries(messages).filter(([name]) => named.has(name)));
  const { channels, components } = whole;
  return {
    ...whole,
    channels: { socket: { ...channels.socket, messages: kept(channels.socket.messages) } },
    operations: some,
    components: { ...components, messages: kept(components.messages) },
  };
}
