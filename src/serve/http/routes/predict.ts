// POST /predict: answers with whatever the release decides by, and on demand their explanation, prediction sets and abstention.

import { baselineRoles, explanationMethods } from "../../../explanation/index.ts";
import { type ExplainAnswerOptions, explanationRecord, setsFrom } from "../../../runs/index.ts";
import type { Models } from "../../fleet/models.ts";
import type { AnsweredItem, ServedItem } from "../../model/facts.ts";
import type { ServedModel } from "../../model/served.ts";
import { checkGroups } from "../../reply/inputs.ts";
import { recordOf } from "../../reply/records.ts";
import { z } from "../../schema.ts";
import { refused } from "../errors.ts";
import { type Call, defineRoute, type ServedRoute } from "../route.ts";

const [mostTexts, mostExplained] = [256, 16];
const text = z.string();
const explainOptions = z.strictObject({
  method: z.enum([...explanationMethods, "flip"]).optional(),
  label: text.optional(),
  /** Of a model of entities: a word of the text. */
  word: text.optional(),
  baseline: z.enum(baselineRoles).optional(),
  /** Of integrated gradients. */
  steps: z.int().min(1).max(2000).optional(),
});

const body = z.strictObject({
  model: text.optional().describe("Name of the model, or model:adapter. Default the only one."),
  text: text.optional().describe("One text."),
  pair: text
    .optional()
    .describe("The second text, for models that read two; of a question in text, the text that holds its answer."),
  choices: z
    .array(text)
    .min(2)
    .max(64)
    .optional()
    .describe("Answers to choose from, for models of multiple choice. The answer's label is A for the first."),
  texts: z
    .array(z.union([text, z.tuple([text, text])]))
    .min(1)
    .max(mostTexts)
    .optional()
    .describe("Several texts, or pairs of texts."),
  image: z.base64().optional().describe("One image file, in base64, for models that read images."),
  group: text.optional().describe("Group of the inputs, for models with thresholds by group."),
  groups: z.array(text).max(mostTexts).optional().describe("Group of each input."),
  attributes: z
    .record(text.max(64), text.max(256))
    .refine((given) => Object.keys(given).length <= 16, { message: "at most 16 attributes" })
    .optional()
    .describe("Groups of the inputs by attribute, such as region: islands. Used for monitoring only."),
  top: z
    .int()
    .min(1)
    .max(1000)
    .default(3)
    .describe("Most probable labels to list; of a model that finds answers in texts, answers, at most 20."),
  abstain: z.number().min(0).max(1).default(0).describe("Labels and entities below this probability are withheld."),
  sets: z.number().gt(0).lt(1).optional().describe("Coverage of prediction sets, such as 0.9."),
  explain: z
    .union([z.boolean(), explainOptions])
    .default(false)
    .describe("Explains each answer: true, or settings of the explanation."),
});
export type PredictBody = z.output<typeof body>;

const answer = z.looseObject({
  label: z.union([text, z.array(text), z.null()]).optional(),
  labels: z.array(z.object({ label: text, probability: z.number() })).optional(),
  value: z.number().optional(),
  entities: z.array(z.looseObject({ start: z.number(), end: z.number(), type: text })).optional(),
  answers: z
    .array(z.object({ text, start: z.number(), end: z.number(), score: z.number(), probability: z.number() }))
    .optional()
    .describe(
      "Of a model that finds answers in texts: the likeliest, best first; an empty text means that there is none.",
    ),
  tasks: z
    .record(text, z.looseObject({}))
    .optional()
    .describe("Of a model with several heads: the answer of each, by the name of its task."),
  set: z.array(z.union([text, z.number()])).optional(),
  unusable: text.optional().describe("Why the input has no answer."),
  explanation: z.looseObject({ method: text }).optional(),
});

export const predictReply = z.object({
  requestId: text,
  model: z.object({ name: text, version: text }),
  answers: z.array(answer).describe("One answer for each input, in order."),
});

export const predictRoutes = (models: Models): ServedRoute[] => [
  defineRoute({
    method: "POST",
    path: "/predict",
    summary: "Answers texts or an image.",
    tag: "predict",
    role: "predict",
    body,
    replies: { 200: { description: "The answers.", schema: predictReply } },
    handle: async (call) => ({
      json: await models.use({ name: call.body.model, key: call.routingKey }, (model) => predict(model, call)),
    }),
  }),
];

async function predict(model: ServedModel, { body: asked, requestId, call }: Call<unknown, unknown, PredictBody>) {
  const items = itemsOf(asked);
  checkGroups(model, items);
  const options = asked.explain === true ? {} : asked.explain || undefined;
  if (options) checkExplained(model, items);
  const sets = asked.sets === undefined ? undefined : setsFrom(model.sets(), asked.sets);
  const { attributes, abstain } = asked;
  if (abstain > 0 && model.facts.answers === "quotes")
    throw refused(400, {
      operation: "predict",
      problem: "answers in texts are not withheld",
      expected: "abstain left out; each answer has its probability",
      got: String(abstain),
      path: "body.abstain",
    });
  const answered = await model.answers(items, { ...call, attributes, abstain });
  const explained = options ? await explanations(model, items, answered, options) : [];
  const answers = answered.map((one, i) => ({
    ...recordOf(model, items[i]!, one, { ...asked, sets }),
    ...(explained[i] && { explanation: explained[i] }),
  }));
  return { requestId, model: { name: model.source.name, version: model.source.version }, answers };
}

/** @throws E_ARGUMENT where it is not said, or said twice, what is to be answered */
function itemsOf({ text: one, pair, choices, texts, image, group, groups }: PredictBody): ServedItem[] {
  const given = [one, texts, image].filter((x) => x !== undefined).length;
  if (given !== 1)
    throw refused(400, {
      operation: "predict",
      problem: given ? "inputs are given twice" : "no input is given",
      expected: "text, texts or image",
      path: "body",
    });
  if (pair !== undefined && one === undefined)
    throw refused(400, {
      operation: "predict",
      problem: "a second text without the first",
      expected: "text, pair",
      path: "body.pair",
    });
  if (choices !== undefined && one === undefined)
    throw refused(400, {
      operation: "predict",
      problem: "choices without the text that they answer",
      expected: "text, choices",
      path: "body.choices",
    });
  const inputs: ServedItem["input"][] =
    image !== undefined
      ? [{ bytes: Uint8Array.from(Buffer.from(image, "base64")) }]
      : one !== undefined
        ? [{ parts: pair === undefined ? [one] : [one, pair], ...(choices && { choices }) }]
        : texts!.map((each) => ({ parts: typeof each === "string" ? [each] : each }));
  if (groups !== undefined && groups.length !== inputs.length)
    throw refused(400, {
      operation: "predict",
      problem: "inputs and groups differ in number",
      expected: String(inputs.length),
      got: String(groups.length),
      path: "body.groups",
    });
  return inputs.map((input, i) => ({ input, group: groups?.[i] ?? group }));
}

function checkExplained({ facts }: ServedModel, items: readonly ServedItem[]): void {
  if (!facts.explains)
    throw refused(400, {
      operation: "explain",
      problem: "answers of this model cannot be explained",
      expected: "a model of texts that gives labels, numbers or entities",
      got: facts.reads === "text" ? facts.task : facts.reads,
      path: "body.explain",
    });
  if (items.length > mostExplained)
    throw refused(400, {
      operation: "explain",
      problem: "too many answers to explain in one request",
      expected: `at most ${mostExplained}`,
      got: String(items.length),
      path: "body.explain",
    });
}

/** Of each input that has an answer: the explanation, without what the reply says already. */
async function explanations(
  model: ServedModel,
  items: readonly ServedItem[],
  answered: readonly AnsweredItem[],
  options: ExplainAnswerOptions,
): Promise<(Record<string, unknown> | undefined)[]> {
  const usable = [...items.keys()].filter((i) => answered[i]!.answer !== undefined);
  const found = await model.explain(
    usable.map((i) => items[i]!),
    options,
  );
  const all: (Record<string, unknown> | undefined)[] = items.map(() => undefined);
  for (const [k, i] of usable.entries()) {
    const { answer: _answer, texts: _texts, logits: _logits, ...explanation } = explanationRecord(found[k]!);
    all[i] = { ...explanation, decidedBy: found[k]!.decidedBy };
  }
  return all;
}
