// Addresses of OpenAI's interface: embeddings and the list of models; those of generated text are in openai-text.ts.

import type { Models } from "../../fleet/models.ts";
import type { ServedModel } from "../../model/served.ts";
import { z } from "../../schema.ts";
import { type FaultBody, refused, sentenceOf } from "../errors.ts";
import { type Call, defineRoute, type ServedRoute } from "../route.ts";
import { textRoutes } from "./openai-text.ts";

const text = z.string();
const body = z.object({
  model: text,
  input: z.union([text, z.array(text).min(1).max(256)]).describe("A text, or several."),
  encoding_format: z.enum(["float", "base64"]).default("float"),
  dimensions: z.int().min(1).optional().describe("Only the model's own width is given."),
  user: text.optional(),
});
type Body = z.output<typeof body>;

const embedding = z.object({
  object: z.literal("embedding"),
  index: z.number(),
  embedding: z.union([z.array(z.number()), text]),
});
const listed = z.object({ id: text, object: z.literal("model"), created: z.number(), owned_by: text });

/** Errors as OpenAI's clients read them. */
const fault = (found: FaultBody, status: number) => ({
  error: {
    message: sentenceOf(found),
    type: status === 429 ? "rate_limit_exceeded" : status < 500 ? "invalid_request_error" : "server_error",
    param: found.error.path?.replace(/^body\.?/, "") || null,
    code: found.error.code,
  },
});

export function openaiRoutes(models: Models): ServedRoute[] {
  const facts = { tag: "openai", fault } as const;
  const entry = ({ source, loaded }: ServedModel, id = source.name) => ({
    id,
    object: "model" as const,
    created: Math.floor(Date.parse(loaded) / 1000),
    owned_by: "concord",
  });
  /** A model, and each of its adapters as a model. */
  const withAdapters = (model: ServedModel) => [
    entry(model),
    ...Object.keys(model.source.adapters ?? {}).map((name) => entry(model, `${model.source.name}:${name}`)),
  ];
  return [
    defineRoute({
      ...facts,
      method: "GET",
      path: "/v1/models",
      role: "read",
      summary: "The models that are served.",
      replies: {
        200: { description: "The list.", schema: z.object({ object: z.literal("list"), data: z.array(listed) }) },
      },
      handle: async () => ({ json: { object: "list", data: models.list().flatMap(withAdapters) } }),
    }),
    defineRoute({
      ...facts,
      method: "GET",
      path: "/v1/models/{name}",
      role: "read",
      summary: "One model.",
      params: z.object({ name: text.max(64) }),
      replies: { 200: { description: "The model.", schema: listed } },
      handle: async ({ params }) => ({ json: entry(models.get(params.name)) }),
    }),
    defineRoute({
      ...facts,
      method: "POST",
      path: "/v1/embeddings",
      role: "predict",
      summary: "What the model's head reads of texts, as vectors of length 1.",
      body,
      replies: {
        200: {
          description: "An embedding of each text.",
          schema: z.object({
            object: z.literal("list"),
            data: z.array(embedding),
            model: text,
            usage: z.object({ prompt_tokens: z.number(), total_tokens: z.number() }),
          }),
        },
      },
      handle: async (call) => ({
        json: await models.use({ name: call.body.model, key: call.routingKey }, (model) => embeddings(model, call)),
      }),
    }),
    ...textRoutes(models, facts),
  ];
}

async function embeddings(model: ServedModel, { body: asked, call }: Call<unknown, unknown, Body>) {
  const texts = typeof asked.input === "string" ? [asked.input] : asked.input;
  const found = await model.embed(
    texts.map((one) => ({ input: { parts: [one] } })),
    call,
  );
  const width = found[0]!.features.length;
  if (asked.dimensions !== undefined && asked.dimensions !== width)
    throw refused(400, {
      operation: "embed",
      problem: "the model's embeddings have another width",
      expected: String(width),
      got: String(asked.dimensions),
      path: "body.dimensions",
    });
  const tokens = found.reduce((sum, one) => sum + one.tokens, 0);
  return {
    object: "list",
    data: found.map(({ features }, index) => ({
      object: "embedding",
      index,
      embedding: asked.encoding_format === "base64" ? base64(unit(features)) : Array.from(unit(features)),
    })),
    model: model.source.name,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

/** The vector divided by its length; zeros stay. */
function unit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
  return length === 0 ? vector : vector.map((x) => x / length);
}

const base64 = ({ buffer, byteOffset, byteLength }: Float32Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString("base64");
