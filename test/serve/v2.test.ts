// The Open Inference Protocol, version 2, over REST: it answers as /predict does, in JSON and in binary tensors, and refuses what does not fit.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningServer, startServer } from "../../src/serve/index.ts";
import { type SmallModel, smallModel } from "./small-model.ts";

let model: SmallModel;
let words: SmallModel;
let server: RunningServer;

beforeAll(async () => {
  model = await smallModel();
  words = await smallModel("token", ["O", "B-SIGN", "I-SIGN"], "words");
  const models = [{ path: model.path }, { path: words.path }];
  server = await startServer({ models, unsigned: true, port: 0, threads: 1 });
});
afterAll(async () => {
  await server.stop();
  model.remove();
  words.remove();
});

interface Output {
  readonly name: string;
  readonly shape: number[];
  readonly data: (string | number)[];
  readonly parameters?: { readonly binary_data_size: number };
}
interface Body {
  readonly id: string;
  readonly inputs: { readonly name: string }[];
  readonly outputs: Output[];
  readonly versions: string[];
  readonly error: string;
  readonly answers: {
    readonly label: string;
    readonly labels: { readonly label: string; readonly probability: number }[];
    readonly entities: unknown;
  }[];
}
const json = async (path: string, body?: unknown) => {
  const reply = await fetch(`${server.url}${path}`, {
    ...(body !== undefined && {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
  });
  return { status: reply.status, body: (await reply.json()) as Body };
};
const predicted = async (texts: readonly string[]) => (await json("/predict", { model: "small", texts })).body.answers;
const texts = ["fever and shivers", "sneezing since monday", "发烧"];

const infer = async (inputs: unknown, more: object = {}, path = "/v2/models/small/infer") =>
  await json(path, { inputs, ...more });
const outputsOf = (reply: { body: Body }) => new Map(reply.body.outputs.map((one) => [one.name, one]));

test("names the server, the model and its tensors", async () => {
  expect((await json("/v2")).body).toMatchObject({
    name: "concord",
    extensions: ["binary_tensor_data", "model_repository"],
  });
  const { body } = await json("/v2/models/small");
  const names = (list: readonly { name: string }[]) => list.map(({ name }) => name);
  expect(names(body.inputs)).toEqual(["text", "input_ids", "attention_mask", "token_type_ids"]);
  expect(names(body.outputs)).toEqual(["label", "probabilities", "logits"]);
  const [version] = body.versions;
  expect((await json(`/v2/models/small/versions/${version}/ready`)).body).toEqual({ name: "small", ready: true });
  expect((await json("/v2/models/small/versions/2/ready")).status).toBe(404);
  expect((await json("/v2/health/ready")).body).toEqual({ ready: true });
});

test("answers texts as /predict does", async () => {
  const expected = await predicted(texts);
  const reply = await infer([{ name: "text", shape: [3], datatype: "BYTES", data: texts }], { id: "7" });
  expect(reply.body.id).toBe("7");
  const [label, probabilities] = ["label", "probabilities"].map((name) => outputsOf(reply).get(name)!);
  expect(label!.data).toEqual(expected.map((one) => one.label));
  expect(probabilities!.shape).toEqual([3, 3]);
  const flu = expected.map(({ labels }) => labels.find((one) => one.label === "flu")!.probability);
  for (const [i, p] of flu.entries()) expect(probabilities!.data[3 * i]).toBeCloseTo(p, 5);
});

test("answers token ids: the padding is not read", async () => {
  const ids = [2, 7, 9, 3];
  const input = (name: string, rows: number[][]) => ({
    name,
    shape: [rows.length, rows[0]!.length],
    datatype: "INT64",
    data: rows,
  });
  const alone = await infer([input("input_ids", [ids])], { outputs: [{ name: "logits" }] });
  const padded = await infer(
    [
      input("input_ids", [
        [...ids, 0, 0],
        [2, 5, 6, 8, 9, 3],
      ]),
      input("attention_mask", [
        [1, 1, 1, 1, 0, 0],
        [1, 1, 1, 1, 1, 1],
      ]),
    ],
    { outputs: [{ name: "logits" }] },
  );
  const [a, b] = [alone, padded].map((reply) => outputsOf(reply).get("logits")!.data as number[]);
  for (const [k, logit] of a!.entries()) expect(b![k]).toBeCloseTo(logit, 4);
});

test("takes and gives binary tensors", async () => {
  const element = (text: string) => {
    const bytes = Buffer.from(text);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const binary = Buffer.concat(texts.map(element));
  const head = Buffer.from(
    JSON.stringify({
      inputs: [{ name: "text", shape: [3], datatype: "BYTES", parameters: { binary_data_size: binary.length } }],
      outputs: [{ name: "probabilities", parameters: { binary_data: true } }, { name: "label" }],
    }),
  );
  const reply = await fetch(`${server.url}/v2/models/small/infer`, {
    method: "POST",
    headers: { "inference-header-content-length": String(head.length) },
    body: Buffer.concat([head, binary]),
  });
  const bytes = Buffer.from(await reply.arrayBuffer());
  const length = Number(reply.headers.get("inference-header-content-length"));
  const { outputs } = JSON.parse(bytes.subarray(0, length).toString()) as { outputs: Output[] };
  expect(outputs[0]!.parameters!.binary_data_size).toBe(36);
  expect(bytes.length).toBe(length + 36);
  const plain = outputsOf(await infer([{ name: "text", shape: [3], datatype: "BYTES", data: texts }]));
  for (const [i, p] of plain.get("probabilities")!.data.entries())
    expect(bytes.readFloatLE(length + 4 * i)).toBeCloseTo(p as number, 6);
  expect(outputs[1]!.data).toEqual(plain.get("label")!.data);
});

test("gives entities of a model that labels words", async () => {
  const reply = await infer(
    [{ name: "text", shape: [1], datatype: "BYTES", data: ["fever"] }],
    {},
    "/v2/models/words/infer",
  );
  const { body } = await json("/predict", { model: "words", text: "fever" });
  expect(JSON.parse(outputsOf(reply).get("entities")!.data[0] as string)).toEqual(body.answers[0]!.entities);
});

const tensor = (more: object) => [{ name: "text", shape: [1], datatype: "BYTES", data: ["a"], ...more }];
const cases: [name: string, inputs: unknown, says: RegExp][] = [
  ["data that do not fit the shape", tensor({ shape: [2] }), /differ in number/],
  ["a shape that overflows", tensor({ shape: [1e9, 1e9] }), /the shape is wrong/],
  ["a negative shape", tensor({ shape: [-1] }), /the shape is wrong/],
  ["an unknown data type", tensor({ datatype: "FP8" }), /not read here/],
  ["numbers as texts", tensor({ data: [3] }), /no text/],
  ["an unknown input", tensor({ name: "pixels" }), /takes no such input/],
  ["an empty text", tensor({ data: [""] }), /cannot be used/],
  [
    "a token id out of the vocabulary",
    tensor({ name: "input_ids", datatype: "INT64", shape: [1, 1], data: [1e6] }),
    /out of range/,
  ],
  [
    "a fraction as a token id",
    tensor({ name: "input_ids", datatype: "INT64", shape: [1, 1], data: [1.5] }),
    /no number of the type/,
  ],
  [
    "more tokens than the model reads",
    tensor({ name: "input_ids", datatype: "INT64", shape: [1, 99], data: Array(99).fill(1) }),
    /shape does not fit/,
  ],
  ["a binary tensor without its header", tensor({ parameters: { binary_data_size: 3 } }), /length of the JSON/],
];
test.each(cases)("refuses %s", async (_, inputs, says) => {
  const { status, body } = await infer(inputs);
  expect([status, body.error]).toEqual([400, expect.stringMatching(says)]);
});

test("refuses bytes that are cut off, left over or no UTF-8", async () => {
  const send = async (bytes: number[], size: number) => {
    const input = { name: "text", shape: [1], datatype: "BYTES", parameters: { binary_data_size: size } };
    const head = Buffer.from(JSON.stringify({ inputs: [input] }));
    const reply = await fetch(`${server.url}/v2/models/small/infer`, {
      method: "POST",
      headers: { "inference-header-content-length": String(head.length) },
      body: Buffer.concat([head, Uint8Array.from(bytes)]),
    });
    return ((await reply.json()) as { error: string }).error;
  };
  expect(await send([9, 0, 0, 0, 65], 5)).toMatch(/not elements/);
  expect(await send([1, 0, 0, 0, 65, 66], 5)).toMatch(/left over/);
  expect(await send([1, 0, 0, 0, 65], 99)).toMatch(/not what the body holds/);
  expect(await send([1, 0, 0, 0, 255], 5)).toMatch(/not UTF-8/);
});
