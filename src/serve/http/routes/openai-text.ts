// OpenAI's addresses of generated text: completions and chats, whole or as events. What is asked for and not done is refused by name.
import type { JsonRecord } from "../../../formats/index.ts";
import type { BatchOptions, Prompt } from "../../../generate/index.ts";
import type { Models } from "../../fleet/models.ts";
import type { ModelFacts, WrittenPart } from "../../model/facts.ts";
import type { ServedModel } from "../../model/served.ts";
import { z } from "../../schema.ts";
import { errorBody, statusOf } from "../errors.ts";
import { type Call, defineRoute, type Reply, type ServedRoute } from "../route.ts";

const text = z.string();
const positive = z.int().min(1);
const own = (otherwise: string) => `Default: as in the model's generation_config.json, else ${otherwise}.`;
const shared = {
  model: text.describe("Name of a served model, or model:adapter."),
  temperature: z.number().min(0).max(100).optional().describe(own("1")),
  top_p: z.number().min(0).max(1).optional().describe(own("1")),
  top_k: z
    .int()
    .min(0)
    .optional()
    .describe(`Only the k most probable tokens are sampled from. 0: all. ${own("0")}`),
  min_p: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe(`Least probability, as a share of the highest. ${own("0")}`),
  repetition_penalty: z.number().min(0.01).max(100).optional().describe(own("1")),
  stop: z
    .union([text.min(1), z.array(text.min(1)).max(4)])
    .optional()
    .describe(own("none")),
  seed: z.int().min(0).optional().describe("Default: a new one for each request."),
  stream: z.boolean().default(false).describe("Whether the text comes as server-sent events."),
  n: z
    .int()
    .min(1)
    .max(16)
    .default(1)
    .describe("How many texts are written. Each has its own seed; at temperature 0 all are the same."),
  user: text.optional(),
  guided_regex: text.optional().describe("The text matches this regular expression."),
};
const completionBody = z.strictObject({
  ...shared,
  prompt: text.describe("The text to continue."),
  max_tokens: positive.optional().describe(own("16")),
});
const message = z.strictObject({ role: text.min(1).max(64), content: text, name: text.optional() });
const chatBody = z.strictObject({
  ...shared,
  messages: z.array(message).min(1).max(256),
  max_tokens: positive.optional().describe(own("what the model has room for")),
  max_completion_tokens: positive.optional(),
  response_format: z
    .union([
      z.strictObject({ type: z.literal("text") }),
      z.strictObject({ type: z.literal("json_object") }),
      z.strictObject({
        type: z.literal("json_schema"),
        json_schema: z.strictObject({
          schema: z.record(text, z.unknown()),
          name: text.optional(),
          description: text.optional(),
          strict: z.boolean().optional(),
        }),
      }),
    ])
    .optional()
    .describe("json_schema: the text is JSON that the schema allows."),
});

type Body = z.output<typeof completionBody> | z.output<typeof chatBody>;
type TextCall = Call<unknown, unknown, Body>;

/** How a text is given back: whole, and as an event. */
interface Shape {
  readonly prefix: string;
  readonly object: readonly [whole: string, event: string];
  whole(written: string): object;
  event(written: string, first: boolean): object;
}

const completion: Shape = {
  prefix: "cmpl",
  object: ["text_completion", "text_completion"],
  whole: (written) => ({ text: written, logprobs: null }),
  event: (written) => ({ text: written, logprobs: null }),
};
const chat: Shape = {
  prefix: "chatcmpl",
  object: ["chat.completion", "chat.completion.chunk"],
  whole: (written) => ({ message: { role: "assistant", content: written }, logprobs: null }),
  event: (written, first) => ({ delta: { ...(first && { role: "assistant" }), content: written } }),
};

const usage = z.object({ prompt_tokens: z.number(), completion_tokens: z.number(), total_tokens: z.number() });
const reply = z.object({
  id: text,
  object: text,
  created: z.number(),
  model: text,
  choices: z.array(z.looseObject({ index: z.number(), finish_reason: z.enum(["stop", "length"]) })),
  usage,
});

/** @param facts of all routes of this interface */
export function textRoutes(models: Models, facts: Pick<ServedRoute, "tag" | "fault">): ServedRoute[] {
  const replies = {
    200: { description: "The text; with stream: true as events, the last one [DONE].", schema: reply },
  };
  const route = { ...facts, method: "POST", role: "predict", replies } as const;
  return [
    defineRoute({
      ...route,
      path: "/v1/completions",
      summary: "Continues a text.",
      body: completionBody,
      handle: (call) =>
        written(models, call, completion, call.body.prompt, { asked: call.body.max_tokens, otherwise: 16 }),
    }),
    defineRoute({
      ...route,
      path: "/v1/chat/completions",
      summary: "Answers a chat, by the model's own chat template.",
      body: chatBody,
      handle: (call) => {
        const { messages, max_completion_tokens, max_tokens } = call.body;
        const prompt = messages.map(({ role, content }) => ({ role, content }));
        return written(models, call, chat, prompt, { asked: max_completion_tokens ?? max_tokens });
      },
    }),
  ];
}

/** Most tokens of a text: as asked, or where neither request nor model says. */
interface MostTokens {
  readonly asked?: number;
  /** Default what the model has room for. */
  readonly otherwise?: number;
}

/** Options of generation, over the model's own. */
function optionsOf(
  { generation = {} }: ModelFacts,
  body: Body,
  requestId: string,
  { asked, otherwise = 1_000_000 }: MostTokens,
): BatchOptions {
  const { temperature, top_p: topP, top_k: topK, min_p: minP, repetition_penalty: repetitionPenalty, stop } = body;
  const form = formOf(body);
  return {
    temperature: temperature ?? generation.temperature ?? ((generation.beams ?? 1) > 1 ? 0 : 1),
    topP,
    topK,
    minP,
    repetitionPenalty,
    stop: typeof stop === "string" ? [stop] : stop,
    seed: body.seed ?? seedOf(requestId),
    maxTokens: asked ?? generation.maxTokens ?? otherwise,
    ...(form && { form }),
  };
}

/** A number of the request's own. */
const seedOf = (requestId: string): number =>
  [...requestId].reduce((hash, sign) => (Math.imul(hash, 31) + sign.charCodeAt(0)) >>> 0, 7);

function formOf(body: Body): BatchOptions["form"] {
  if (body.guided_regex !== undefined) return { pattern: body.guided_regex };
  const format = "response_format" in body ? body.response_format : undefined;
  if (format?.type === "json_schema") return { schema: format.json_schema.schema as JsonRecord };
  return format?.type === "json_object" ? { schema: { type: "object" } } : undefined;
}

/** The seed of one of several texts: the first has the request's own. */
const seedOfChoice = (seed: number, index: number): number => (index === 0 ? seed : seedOf(`${seed} ${index}`));

/** The model stays open until the last piece was sent. */
function written(models: Models, call: TextCall, shape: Shape, prompt: Prompt, most: MostTokens): Promise<Reply> {
  return new Promise((resolve, reject) => {
    models
      .use({ name: call.body.model, key: call.routingKey }, async (model) => {
        const options = optionsOf(model.facts, call.body, call.requestId, most);
        const texts = Array.from({ length: call.body.n }, (_, index) =>
          model.write(prompt, { ...options, seed: seedOfChoice(options.seed!, index) }, call.call.signal),
        );
        const begun = await begin(texts); // a fault of the request is a reply with its status, not an event
        if (!call.body.stream) return resolve({ json: await whole(model, shape, call, begun) });
        await new Promise<void>((sent) => {
          resolve({ stream: { type: "text/event-stream", chunks: events(model, shape, call, begun, sent) } });
        });
      })
      .catch(reject);
  });
}

type Pieces = AsyncGenerator<WrittenPart, void>;

/** A text whose first piece is there. */
interface Begun {
  readonly first: IteratorResult<WrittenPart, void>;
  readonly pieces: Pieces;
}

/** Waits for the first piece of each text. Where one fails, none is left writing. */
async function begin(texts: readonly Pieces[]): Promise<Begun[]> {
  const firsts = await Promise.allSettled(texts.map((pieces) => pieces.next()));
  const fault = firsts.find((first) => first.status === "rejected");
  if (!fault)
    return firsts.map((first, i) => ({
      first: (first as PromiseFulfilledResult<Begun["first"]>).value,
      pieces: texts[i]!,
    }));
  await Promise.all(texts.map((pieces) => pieces.return()));
  throw fault.reason;
}

const headOf = (model: ServedModel, { prefix, object }: Shape, { requestId }: TextCall, event: 0 | 1) => ({
  id: `${prefix}-${requestId}`,
  object: object[event],
  created: Math.floor(Date.now() / 1000),
  model: model.source.name,
});

/** The prompt is counted once, however many texts follow it. */
function usageOf(ends: readonly WrittenPart["end"][]) {
  const promptTokens = ends[0]?.promptTokens ?? 0;
  const tokens = ends.reduce((sum, end) => sum + (end?.tokens ?? 0), 0);
  return { prompt_tokens: promptTokens, completion_tokens: tokens, total_tokens: promptTokens + tokens };
}

async function* all({ first, pieces }: Begun): Pieces {
  if (!first.done) yield first.value;
  yield* pieces;
}

async function whole(model: ServedModel, shape: Shape, call: TextCall, begun: readonly Begun[]) {
  const texts = await Promise.all(
    begun.map(async (one) => {
      let [content, end]: [string, WrittenPart["end"]] = ["", undefined];
      for await (const part of all(one)) [content, end] = [content + part.text, part.end];
      return { content, end };
    }),
  ).finally(() => Promise.all(begun.map(({ pieces }) => pieces.return())));
  return {
    ...headOf(model, shape, call, 0),
    choices: texts.map(({ content, end }, index) => ({
      index,
      ...shape.whole(content),
      finish_reason: reasonOf(end),
    })),
    usage: usageOf(texts.map(({ end }) => end)),
  };
}

/** Pieces of several texts as they come, with the number of their text. */
async function* interleaved(begun: readonly Begun[]): AsyncGenerator<WrittenPart & { readonly index: number }> {
  const sources = begun.map(all);
  const next = async (index: number) => ({ index, result: await sources[index]!.next() });
  const waiting = new Map(sources.map((_, index) => [index, next(index)]));
  while (waiting.size > 0) {
    const { index, result } = await Promise.race(waiting.values());
    if (result.done) waiting.delete(index);
    else {
      waiting.set(index, next(index));
      yield { ...result.value, index };
    }
  }
}

const reasonOf = (end: WrittenPart["end"]) => (end?.finish === "stop" ? "stop" : "length");

/** @param sent called when nothing follows, whoever ended it */
async function* events(
  model: ServedModel,
  shape: Shape,
  call: TextCall,
  begun: readonly Begun[],
  sent: () => void,
): AsyncGenerator<string> {
  const head = headOf(model, shape, call, 1);
  const event = (data: object) => `data: ${JSON.stringify(data)}\n\n`;
  const started = new Set<number>();
  try {
    for await (const { text: content, end, index } of interleaved(begun)) {
      const delta = shape.event(content, !started.has(index));
      started.add(index);
      if (content !== "" || end)
        yield event({ ...head, choices: [{ index, ...delta, finish_reason: end ? reasonOf(end) : null }] });
    }
    yield "data: [DONE]\n\n";
  } catch (error) {
    const { error: fault } = errorBody(error, call.requestId, call.language); // its status was sent long ago
    yield event({
      error: { message: fault.problem, type: "server_error", param: null, code: String(statusOf(error)) },
    });
  } finally {
    await Promise.all(begun.map(({ pieces }) => pieces.return()));
    sent();
  }
}
