// The Open Inference Protocol over gRPC: it answers as REST does, with the same refusals as statuses; bytes that are no message are refused.
import { join } from "node:path";
import { Client, credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { decode, encode, type Message, messages } from "../../src/serve/grpc/messages.ts";
import { addKey, type RunningServer, startServer } from "../../src/serve/index.ts";
import { openWatchStore } from "../../src/watch/node/index.ts";
import { type SmallModel, smallModel } from "./small-model.ts";

let model: SmallModel;
let server: RunningServer;
let client: Client;

beforeAll(async () => {
  model = await smallModel();
  server = await startServer({ models: [{ path: model.path }], unsigned: true, port: 0, grpcPort: 0, threads: 1 });
  client = new Client(`127.0.0.1:${server.grpcPort}`, credentials.createInsecure());
});
afterAll(async () => {
  client.close();
  await server.stop();
  model.remove();
});

type Name =
  | "RepositoryIndex"
  | "RepositoryModelLoad"
  | "RepositoryModelUnload"
  | "ServerLive"
  | "ServerReady"
  | "ModelReady"
  | "ServerMetadata"
  | "ModelMetadata"
  | "ModelInfer";
const ask = (name: Name, message: Message | Uint8Array = {}, deadline?: Date, to = client, key = "") =>
  new Promise<Message>((resolve, reject) => {
    const metadata = new Metadata();
    if (key) metadata.set("x-api-key", key);
    to.makeUnaryRequest(
      `/inference.GRPCInferenceService/${name}`,
      (given: Message | Uint8Array) =>
        Buffer.from(given instanceof Uint8Array ? given : encode(messages[`${name}Request`], given)),
      (bytes) => decode(messages[`${name}Response`], bytes),
      message,
      metadata,
      deadline ? { deadline } : {},
      (error, found) => (error ? reject(error) : resolve(found!)),
    );
  });
const fails = async (name: Name, message: Message | Uint8Array) => {
  const error = (await ask(name, message).catch((fault: unknown) => fault)) as ServiceError;
  return [error.code, error.details];
};
const texts = ["fever and shivers", "发烧"].map((text) => new TextEncoder().encode(text));
const input = { name: "text", datatype: "BYTES", shape: [2], contents: { bytes_contents: texts } };

test("says that it lives, is ready, and what it serves", async () => {
  expect(await ask("ServerLive")).toEqual({ live: true });
  expect(await ask("ServerReady")).toEqual({ ready: true });
  expect(await ask("ModelReady", { name: "small" })).toEqual({ ready: true });
  expect(await ask("ServerMetadata")).toMatchObject({ name: "concord" });
  const { inputs, outputs } = await ask("ModelMetadata", { name: "small" });
  expect((inputs as Message[])[0]).toMatchObject({ name: "text", datatype: "BYTES" });
  expect((outputs as Message[]).map(({ name }) => name)).toEqual(["label", "probabilities", "logits"]);
});

test("answers as REST does, from contents and from raw bytes", async () => {
  const reply = await fetch(`${server.url}/v2/models/small/infer`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      inputs: [{ name: "text", datatype: "BYTES", shape: [2], data: ["fever and shivers", "发烧"] }],
    }),
  });
  const { outputs } = (await reply.json()) as { outputs: { name: string; data: number[] }[] };
  const expected = outputs.find(({ name }) => name === "probabilities")!.data;
  const element = (bytes: Uint8Array) => Buffer.concat([Uint8Array.of(bytes.length, 0, 0, 0), bytes]);
  const { contents: _, ...bare } = input;
  const asked = { model_name: "small", id: "7", outputs: [{ name: "probabilities" }] };
  for (const more of [
    { inputs: [input] },
    { inputs: [bare], raw_input_contents: [Buffer.concat(texts.map(element))] },
  ]) {
    const found = await ask("ModelInfer", { ...asked, ...more });
    expect(found).toMatchObject({
      id: "7",
      model_name: "small",
      outputs: [{ name: "probabilities", datatype: "FP32" }],
    });
    const [raw] = found.raw_output_contents as Uint8Array[];
    const view = new DataView(raw!.buffer, raw!.byteOffset, raw!.byteLength);
    for (const [i, p] of expected.entries()) expect(view.getFloat32(4 * i, true)).toBeCloseTo(p, 5);
  }
});

test("refuses with a status and a reason", async () => {
  expect(await fails("ModelReady", { name: "none" })).toEqual([
    status.NOT_FOUND,
    expect.stringMatching(/no model of this name/),
  ]);
  const wrong = { model_name: "small", inputs: [{ ...input, shape: [3] }] };
  expect(await fails("ModelInfer", wrong)).toEqual([status.INVALID_ARGUMENT, expect.stringMatching(/not elements/)]);
  expect(await fails("ModelInfer", Uint8Array.of(0x0a, 0xff, 0x01))).toEqual([
    status.INVALID_ARGUMENT,
    expect.stringMatching(/not the message/),
  ]);
});

test("models are listed, loaded and unloaded as over REST: only with a key, and without parameters", async () => {
  const { models } = await ask("RepositoryIndex", { ready: true });
  expect(models).toMatchObject([{ name: "small", state: "READY" }]);
  expect((await fails("RepositoryModelLoad", { model_name: "small" }))[0]).toBe(status.PERMISSION_DENIED);
  const keys = join(model.home, "keys.json");
  const key = await addKey(keys, { name: "boss", roles: ["admin"] }, new Date());
  const one = await startServer({
    ...{ models: [{ path: model.path }], unsigned: true, port: 0, grpcPort: 0, threads: 1, keys, drainMs: 0 },
  });
  const own = new Client(`127.0.0.1:${one.grpcPort}`, credentials.createInsecure());
  const by = (name: Name, message: Message) =>
    ask(name, message, undefined, own, key).catch(({ code }: ServiceError): Message => ({ code }));
  expect(await by("RepositoryModelLoad", { model_name: "small" })).toEqual({});
  expect(await by("RepositoryModelLoad", { model_name: "other" })).toEqual({ code: status.NOT_FOUND });
  const parameters = { config: {} };
  expect(await by("RepositoryModelLoad", { model_name: "small", parameters })).toEqual({
    code: status.INVALID_ARGUMENT,
  });
  expect(await by("RepositoryModelUnload", { model_name: "small" })).toEqual({});
  expect((await by("RepositoryIndex", {})).models).toMatchObject([{ state: "UNAVAILABLE", reason: "unloaded" }]);
  expect(await by("ModelReady", { name: "small" })).toEqual({ code: status.NOT_FOUND });
  own.close();
  await one.stop();
});

test("a message is read as it was written, and any bytes are read or refused, never worse", () => {
  const text = fc.string({ unit: "grapheme" });
  const message = fc.record({
    model_name: text,
    inputs: fc.array(
      fc.record({ name: text, datatype: text, shape: fc.array(fc.nat(1000).map(BigInt), { minLength: 1 }) }),
      { maxLength: 3 },
    ),
    raw_input_contents: fc.array(fc.uint8Array(), { maxLength: 3 }),
  });
  fc.assert(
    fc.property(message, (one) => {
      const read = decode(messages.ModelInferRequest, encode(messages.ModelInferRequest, one));
      expect(read.model_name).toBe(one.model_name);
      expect((read.inputs as Message[]).map(({ name, datatype }) => [name, datatype])).toEqual(
        one.inputs.map(({ name, datatype }) => [name, datatype]),
      );
      expect((read.inputs as Message[]).map(({ shape }) => (shape as bigint[]).map(BigInt))).toEqual(
        one.inputs.map(({ shape }) => shape),
      );
      expect((read.raw_input_contents as Uint8Array[]).map((bytes) => [...bytes])).toEqual(
        one.raw_input_contents.map((bytes) => [...bytes]),
      );
    }),
    { numRuns: 100 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        decode(messages.ModelInferRequest, bytes);
      } catch (error) {
        expect((error as { code: string }).code).toBe("E_FORMAT");
      }
    }),
    { numRuns: 500 },
  );
});

test("a watched request has an id of its own where the client gave none, or none that can be kept", async () => {
  const store = join(model.path, "..", "watch.sqlite");
  const watched = await startServer({
    models: [{ path: model.path }],
    unsigned: true,
    port: 0,
    grpcPort: 0,
    threads: 1,
    watch: { store },
  });
  const other = client;
  client = new Client(`127.0.0.1:${watched.grpcPort}`, credentials.createInsecure());
  const one = { ...input, shape: [1], contents: { bytes_contents: texts.slice(0, 1) } };
  for (const id of ["", "mine", "x".repeat(10_000)])
    await ask("ModelInfer", { model_name: "small", id, inputs: [one] });
  client.close();
  client = other;
  const { kept, dropped } = (await (await fetch(`${watched.url}/monitor/reports`)).json()) as Record<string, number>;
  expect([kept, dropped]).toEqual([3, 0]);
  await watched.stop();
  const opened = await openWatchStore(store);
  const ids = (await opened.answers()).map(({ id }) => id);
  await opened.close();
  expect(ids).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), "mine", expect.stringMatching(/^[0-9a-f-]{36}$/)]);
});
