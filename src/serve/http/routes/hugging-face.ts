// Inputs and answers as Hugging Face's tasks have them (`{ "inputs": …, "parameters": … }`, package @huggingface/tasks).
import { type Quote, scoredEntities, scoredLabels, withheld } from "../../../predict/index.ts";
import type { Models } from "../../fleet/models.ts";
import type { AnsweredItem, ServedItem } from "../../model/facts.ts";
import type { ServedModel } from "../../model/served.ts";
import { checkGroups } from "../../reply/inputs.ts";
import { recordOf } from "../../reply/records.ts";
import { z } from "../../schema.ts";
import { type FaultBody, refused, sentenceOf } from "../errors.ts";
import { type Call, defineRoute, type ServedRoute } from "../route.ts";

const text = z.string();
const input = z.union([
  text,
  z.strictObject({ text, text_pair: text }),
  z.strictObject({ question: text, context: text }),
]);
const body = z.object({
  inputs: z
    .union([input, z.array(input).min(1).max(256)])
    .describe(
      "A text, a pair, a question with the text that holds its answer, or a list of them; for models of images an image file in base64.",
    ),
  parameters: z
    .object({
      top_k: z.int().min(1).max(1000).nullish().describe("Labels of each answer. Default all; of answers in texts 1."),
      threshold: z.number().min(0).max(1).optional().describe("Labels, entities and answers below it are left out."),
      group: text.optional().describe("Group of the inputs, for models with thresholds by group."),
    })
    .optional(),
});
type Body = z.output<typeof body>;

const label = z.object({ label: text, score: z.number() });
const entity = z.object({ entity_group: text, score: z.number(), word: text, start: z.number(), end: z.number() });
const quote = z.object({ answer: text, score: z.number(), start: z.number(), end: z.number() });
const answer = z.union([z.array(z.union([label, entity, quote])), quote]);

export const huggingFaceRoutes = (models: Models): ServedRoute[] => [
  defineRoute({
    method: "POST",
    path: "/models/{name}",
    tag: "hugging-face",
    role: "predict",
    summary:
      "Answers as Hugging Face's inference interface does: text-classification, token-classification, question-answering, image-classification.",
    params: z.object({ name: text.max(64) }),
    body,
    replies: {
      200: {
        description: "Labels, entities or answers of the input, or of each input of a list.",
        schema: z.union([answer, z.array(answer)]),
      },
    },
    fault: (found: FaultBody) => ({ error: sentenceOf(found) }),
    handle: async (call) => ({
      json: await models.use({ name: call.params.name, key: call.routingKey }, (model) => answered(model, call)),
    }),
  }),
];

async function answered(model: ServedModel, { body: { inputs, parameters = {} }, call }: Call<unknown, unknown, Body>) {
  const list = Array.isArray(inputs) ? inputs : [inputs];
  const items = list.map((one): ServedItem => ({ input: inputOf(model, one), group: parameters.group }));
  checkGroups(model, items);
  const all = await model.answers(items, { ...call, abstain: parameters.threshold });
  const found = all.map((one, i) => (one.quotes ? quoted(model, items[i]!, one, parameters) : scored(one, parameters)));
  return Array.isArray(inputs) ? found : found[0]!;
}

function inputOf({ facts }: ServedModel, given: z.output<typeof input>): ServedItem["input"] {
  if (typeof given !== "string")
    return { parts: "question" in given ? [given.question, given.context] : [given.text, given.text_pair] };
  return facts.reads === "text" ? { parts: [given] } : { bytes: Uint8Array.from(Buffer.from(given, "base64")) };
}

/** One answer as it is, several as a list, as Hugging Face's question answering has them. */
function quoted(
  model: ServedModel,
  item: ServedItem,
  answered: AnsweredItem,
  { top_k, threshold = 0 }: NonNullable<Body["parameters"]>,
) {
  const { answers } = recordOf(model, item, answered, { top: top_k ?? 1, abstain: 0 });
  const found = (answers as readonly Quote[])
    .filter(({ probability }) => probability >= threshold)
    .map(({ text: answer, probability: score, start, end }) => ({ answer, score, start, end }));
  return (top_k ?? 1) === 1 && found[0] ? found[0] : found;
}

function scored({ answer: found, unusable }: AnsweredItem, { top_k, threshold = 0 }: NonNullable<Body["parameters"]>) {
  if (!found)
    throw refused(400, {
      operation: "predict",
      problem: "an input cannot be used",
      expected: "texts that are not empty",
      got: unusable,
      path: "body.inputs",
    });
  if (found.kind === "entities") return scoredEntities(withheld(found, threshold), "model");
  if (found.kind === "value") return [{ label: "LABEL_0", score: found.value }];
  return scoredLabels(found, top_k ?? null, "model").filter(({ score }) => score >= threshold);
}
