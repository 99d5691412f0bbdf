/** The socket's contract is one that a public validator accepts. */
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";
import { expect, test } from "vitest";

const WARNING = 1;

test("the AsyncAPI document is valid", async () => {
  const source = readFileSync(new URL("../../../docs/api/asyncapi.json", import.meta.url), "utf8");
  const { document, diagnostics } = await new Parser().parse(source);
  expect(diagnostics.filter(({ severity }) => severity <= WARNING)).toEqual([]);
  expect(document?.operations().length).toBeGreaterThan(50);
}, 300_000);
