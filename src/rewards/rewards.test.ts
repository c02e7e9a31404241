// Rewards: what each gives, how they are added up, and what is refused: no number, and servers that are down, slow or talk nonsense.
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { fault, faultLater } from "../../test/fault.ts";
import { exactAnswer, judged, lengthBetween, matchingPattern, type Reward, validJson } from "./index.ts";
import { endpointReward } from "./node/index.ts";

const answersOf = (...texts: string[]) => texts.map((answer) => ({ prompt: "2 + 2", answer, expected: "4" }));
const of = async (reward: Reward, ...texts: string[]) => [...(await judged([reward], answersOf(...texts)))];

test("exact, pattern, schema and length give what they say", async () => {
  expect(await of(exactAnswer(1), "4", " 4\n", "44", "")).toEqual([1, 1, 0, 0]);
  expect(await of(matchingPattern(1, "\\d+"), "4", "a4", "")).toEqual([1, 0, 0]);
  const schema = {
    type: "object",
    properties: { ok: { type: "boolean" } },
    required: ["ok"],
    additionalProperties: false,
  };
  expect(await of(validJson(1, schema), '{ "ok":\n true }', '{"ok": 1}', "{", "no")).toEqual([1, 0, 0, 0]);
  expect(await of(lengthBetween(1, { least: 2, most: 4 }), "abc", "", "abcdef", "数数数数数数数数数数")).toEqual([
    1, 0.5, 0.5, 0,
  ]);
});

test("rewards are added up by their weights, and an answer without an expected one is not exact", async () => {
  expect([...(await judged([exactAnswer(2), lengthBetween(-1, { least: 0, most: 9 })], answersOf("4", "5")))]).toEqual([
    1, -1,
  ]);
  expect([...(await judged([exactAnswer(1)], [{ prompt: "", answer: "" }]))]).toEqual([0]);
  expect(fault("E_ARGUMENT", () => matchingPattern(1, "(")).facts.operation).toBe("regular expression");
});

test("a reward that gives NaN, or too few numbers, is named with the answer", async () => {
  const broken = (numbers: number[]): Reward => ({ name: "mine", weight: 1, of: () => numbers });
  const nan = await faultLater("E_DATA", () => judged([exactAnswer(1), broken([1, Number.NaN])], answersOf("a", "b")));
  expect(nan.facts).toMatchObject({ problem: "the reward mine gave no finite number", got: 'NaN for "b"' });
  expect((await faultLater("E_DATA", () => judged([broken([1])], answersOf("a", "b")))).facts.got).toBe("1 numbers");
});

const open: { close(): void }[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});
async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  open.push({
    close() {
      server.closeAllConnections();
      server.close();
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/judge`;
}

test("an endpoint is posted prompts and answers, and its numbers count", async () => {
  let seen = "";
  const url = await serving((request, reply) => {
    request.on("data", (part) => (seen += part)).on("end", () => reply.end('{"rewards": [0.5, -1]}'));
  });
  expect(await of(endpointReward(2, url), "4", "5")).toEqual([1, -2]);
  expect(JSON.parse(seen)).toEqual({ answers: answersOf("4", "5") });
});

test.each<[string, RequestListener, string]>([
  ["refuses", (_, reply) => reply.writeHead(500).end("x"), "the reward endpoint refused"],
  [
    "sends elsewhere",
    (_, reply) => reply.writeHead(302, { location: "http://127.0.0.1:1/" }).end(),
    "the reward endpoint refused",
  ],
  ["is slow", () => {}, "the reward endpoint did not answer"],
  ["gives no JSON", (_, reply) => reply.end("<html>"), "the reply of the reward endpoint makes no sense"],
  ["gives words", (_, reply) => reply.end('{"rewards": ["good"]}'), "the reply of the reward endpoint makes no sense"],
  ["gives too few", (_, reply) => reply.end('{"rewards": []}'), "the reply of the reward endpoint makes no sense"],
])("an endpoint that %s is refused", async (_, listener, problem) => {
  const url = await serving(listener);
  const error = await faultLater("E_SERVER", () => of(endpointReward(1, url, { timeoutSeconds: 0.2 }), "4"));
  expect(error.facts.problem).toBe(problem);
});

test("an endpoint that is down is refused", async () => {
  const error = await faultLater("E_SERVER", () =>
    of(endpointReward(1, "http://127.0.0.1:9/", { timeoutSeconds: 1 }), "4"),
  );
  expect(error.facts.problem).toBe("the reward endpoint did not answer");
});
