// The Open Inference Protocol, version 2, over REST, with the binary extension of tensors: what Triton, KServe and their clients speak.
import { versions } from "../../../stages/index.ts";
import type { Models } from "../../fleet/models.ts";
import type { ServedModel } from "../../model/served.ts";
import { z } from "../../schema.ts";
import { infer, inputsOf, outputsOf } from "../../v2/infer.ts";
import {
  bytesOfTensor,
  datatypes,
  type JsonTensor,
  jsonElements,
  type Tensor,
  tensorOfBytes,
  tensorOfJson,
} from "../../v2/tensors.ts";
import type { DrainState } from "../app.ts";
import { binaryHeader } from "../body.ts";
import { type FaultBody, refused, sentenceOf } from "../errors.ts";
import { type Call, checked, defineRoute, type Reply, type ServedRoute } from "../route.ts";

const text = z.string();
const parameters = z.record(text, z.unknown()).optional();
const tensor = z.object({
  name: text.max(64),
  shape: z.array(z.number()).max(8),
  datatype: text.meta({ enum: datatypes }), // refused in words of its own
  parameters,
  data: z.unknown().optional(),
});
const inferBody = z.object({
  id: text.max(200).optional(),
  parameters,
  inputs: z.array(tensor).min(1).max(16),
  outputs: z
    .array(z.object({ name: text, parameters }))
    .max(16)
    .optional(),
});
type InferBody = z.output<typeof inferBody>;

const params = z.object({ name: text.max(64), version: text.max(64).optional() });
const facts = z.object({ name: text, datatype: text, shape: z.array(z.number()) });
const fault = (body: FaultBody) => ({ error: sentenceOf(body) });

export function v2Routes(models: Models, state: DrainState): ServedRoute[] {
  const get = { method: "GET", tag: "v2", fault } as const;
  const of = (path: string): string[] => [`/v2/models/{name}${path}`, `/v2/models/{name}/versions/{version}${path}`];
  const chosen = ({ name, version }: z.output<typeof params>): ServedModel => models.get(name, version);
  const answered = (call: Call<z.output<typeof params>>, read: () => ReadRequest) =>
    models.use({ ...call.params, key: call.routingKey }, async (model) => await inferRest(model, read(), call));
  return [
    ...healthV2(state),
    defineRoute({
      ...get,
      path: "/v2",
      role: "read",
      summary: "The server and its extensions.",
      replies: {
        200: {
          description: "The metadata.",
          schema: z.object({ name: text, version: text, extensions: z.array(text) }),
        },
      },
      handle: async () => ({ json: serverMetadata }),
    }),
    ...of("/ready").map((path) =>
      defineRoute({
        ...get,
        path,
        role: "read",
        params,
        summary: "Whether a model answers.",
        replies: { 200: { description: "It does.", schema: z.object({ name: text, ready: z.boolean() }) } },
        handle: async (call) => ({ json: { name: chosen(call.params).source.name, ready: true } }),
      }),
    ),
    ...of("").map((path) =>
      defineRoute({
        ...get,
        path,
        role: "read",
        params,
        summary: "Inputs and outputs of a model.",
        replies: {
          200: {
            description: "The metadata.",
            schema: z.object({
              name: text,
              versions: z.array(text),
              platform: text,
              inputs: z.array(facts),
              outputs: z.array(facts),
            }),
          },
        },
        handle: async (call) => ({ json: modelMetadata(chosen(call.params), models) }),
      }),
    ),
    ...of("/infer").map((path) =>
      defineRoute({
        method: "POST",
        tag: "v2",
        path,
        role: "predict",
        params,
        fault,
        body: inferBody,
        summary: "Answers tensors: JSON, or JSON followed by binary tensors.",
        replies: { 200: { description: "The outputs.", schema: inferReply } },
        handle: async (call) => await answered(call, () => jsonRequest(call.body)),
        handleBytes: async (call) => await answered(call, () => binaryRequest(call.body, call.headers[binaryHeader])),
      }),
    ),
  ];
}

const healthV2 = (state: DrainState): ServedRoute[] =>
  (["live", "ready"] as const).map((what) =>
    defineRoute({
      method: "GET",
      tag: "v2",
      fault,
      path: `/v2/health/${what}`,
      role: "open",
      summary: what === "live" ? "Whether the process answers." : "Whether requests are accepted.",
      replies: {
        200: { description: "Yes.", schema: z.record(text, z.boolean()) },
        503: { description: "No.", schema: z.record(text, z.boolean()) },
      },
      handle: async () => {
        const yes = what === "live" || !state.draining;
        return { status: yes ? 200 : 503, json: { [what]: yes } };
      },
    }),
  );

const inferReply = z.object({
  id: text.optional(),
  model_name: text,
  model_version: text,
  outputs: z.array(tensor),
});

export const serverMetadata = {
  name: "concord",
  version: versions().concord!,
  extensions: ["binary_tensor_data", "model_repository"],
};

export const modelMetadata = ({ source, facts: about }: ServedModel, models: Models) => ({
  name: source.name,
  versions: models
    .states()
    .flatMap(({ name, model, shadow }) => (name === source.name && model && !shadow ? [model.source.version] : [])),
  platform: "concord_onnxruntime",
  inputs: inputsOf(about),
  outputs: outputsOf(about),
});

async function inferRest(model: ServedModel, { request, inputs }: ReadRequest, { call }: Call): Promise<Reply> {
  const wanted = request.outputs?.map(({ name }) => name);
  const found = await infer(model, inputs, wanted, call);
  const binary = (name: string): boolean => {
    const asked = request.outputs?.find((one) => one.name === name)?.parameters?.binary_data;
    return (asked ?? request.parameters?.binary_data_output) === true;
  };
  return replyOf(model, request.id, found, binary);
}

/** JSON, and behind it the bytes of tensors that asked for them. */
function replyOf(
  { source }: ServedModel,
  id: string | undefined,
  found: readonly Tensor[],
  binary: (name: string) => boolean,
): Reply {
  const parts: Uint8Array[] = [];
  const outputs = found.map((one) => {
    const head = { name: one.name, datatype: one.values.datatype, shape: one.shape };
    if (!binary(one.name)) return { ...head, data: jsonElements(one) };
    const bytes = bytesOfTensor(one);
    parts.push(bytes);
    return { ...head, parameters: { binary_data_size: bytes.length } };
  });
  const json = { ...(id !== undefined && { id }), model_name: source.name, model_version: source.version, outputs };
  if (!parts.length) return { json };
  const head = Buffer.from(JSON.stringify(json));
  return {
    headers: { [binaryHeader]: String(head.length) },
    content: { type: "application/octet-stream", body: Buffer.concat([head, ...parts]) },
  };
}

interface ReadRequest {
  readonly request: InferBody;
  readonly inputs: readonly Tensor[];
}

const wrong = (problem: string, expected: string, got?: string) =>
  refused(400, { operation: "infer", problem, expected, got, path: "body" });

function jsonRequest(request: InferBody): ReadRequest {
  const binary = request.inputs.find(({ parameters: p }) => p?.binary_data_size !== undefined);
  if (binary) throw wrong("binary tensors without the length of the JSON", `the header ${binaryHeader}`);
  return { request, inputs: request.inputs.map((one) => tensorOfJson(one as JsonTensor)) };
}

/** The JSON of as many bytes as the header says; the rest holds the binary tensors in their order. */
function binaryRequest(body: Uint8Array, header: string | string[] | undefined): ReadRequest {
  const length = header === undefined ? body.length : Number(header);
  if (!(Number.isInteger(length) && length > 0 && length <= body.length))
    throw wrong("the length of the JSON is wrong", `${binaryHeader}: 1 … ${body.length}`, String(header).slice(0, 40));
  const request = checked(inferBody, jsonPart(body.subarray(0, length)), "body");
  let at = length;
  const inputs = request.inputs.map((one) => {
    const size = one.parameters?.binary_data_size;
    if (size === undefined) return tensorOfJson(one as JsonTensor);
    if (!(typeof size === "number" && Number.isInteger(size) && size >= 0 && at + size <= body.length))
      throw wrong("binary_data_size is not what the body holds", `at most ${body.length - at}`, String(size));
    at += size;
    return tensorOfBytes(one as JsonTensor, body.subarray(at - size, at));
  });
  if (at !== body.length) throw wrong("bytes are left over behind the tensors", "none", `${body.length - at}`);
  return { request, inputs };
}

function jsonPart(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw wrong("the body is not JSON", "JSON in UTF-8");
  }
}
