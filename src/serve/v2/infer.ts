// Inference of the Open Inference Protocol, version 2: which tensors a model takes and gives, the same for REST and gRPC.
import { answerOf } from "../../predict/index.ts";
import { refused } from "../http/errors.ts";
import type { AnsweredItem, ModelFacts, ServedItem } from "../model/facts.ts";
import type { ServedModel } from "../model/served.ts";
import type { CallOptions } from "../queue/dispatcher.ts";
import { checkGroups } from "../reply/inputs.ts";
import { recordOf } from "../reply/records.ts";
import { bytesTensor, rowsTensor, type Tensor, textsOf } from "./tensors.ts";

/** Name, type and shape of an input or output; −1 is any size. */
export interface TensorFacts {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
}

const mostRows = 256;

/** Inputs that a model takes: texts or images as BYTES; of text models token ids in their place. */
export function inputsOf({ reads, answers, pair, decisions, segments }: ModelFacts): TensorFacts[] {
  const bytes = (name: string) => ({ name, datatype: "BYTES", shape: [-1] });
  if (reads !== "text") return [bytes("image")];
  if (answers === "quotes") return [bytes("text"), bytes("pair")]; // where an answer stands is told of a text, not of token ids
  const ids = (name: string) => ({ name, datatype: "INT64", shape: [-1, -1] });
  return [
    bytes("text"),
    ...(pair ? [bytes("pair")] : []),
    ...(decisions?.attribute === undefined ? [] : [bytes("group")]),
    ids("input_ids"),
    ids("attention_mask"),
    ...(segments ? [ids("token_type_ids")] : []),
  ];
}

/** Outputs that a model gives. */
export function outputsOf({ answers, words, numeric, labels }: ModelFacts): TensorFacts[] {
  const bytes = (name: string) => ({ name, datatype: "BYTES", shape: [-1] });
  const rows = (name: string, width: number) => ({ name, datatype: "FP32", shape: [-1, width] });
  if (answers === "quotes") return [bytes("answer"), rows("probability", 1)];
  if (answers === "tasks") return [bytes("tasks"), rows("logits", labels.length)];
  if (words) return [bytes("entities")];
  if (numeric) return [rows("value", 1)];
  return [bytes("label"), rows("probabilities", labels.length), rows("logits", labels.length)];
}

/**
 * Answers tensors.
 * @param wanted names of outputs. Default all but logits
 * @returns outputs in the order in which they were asked for; a label that is withheld is empty, several labels are JSON
 * @throws E_ARGUMENT for inputs that do not fit the model and outputs that it does not give
 */
export async function infer(
  model: ServedModel,
  inputs: readonly Tensor[],
  wanted: readonly string[] | undefined,
  call: CallOptions = {},
): Promise<Tensor[]> {
  const { facts } = model;
  const known = outputsOf(facts).map(({ name }) => name);
  const names = wanted?.length ? wanted : known.filter((name) => name !== "logits");
  const strange = names.find((name) => !known.includes(name));
  if (strange !== undefined) throw wrong("the model gives no such output", known.join(", "), strange.slice(0, 60));
  const byName = new Map(inputs.map((tensor) => [tensor.name, tensor]));
  const odd = inputs.find(({ name }) => !inputsOf(facts).some((one) => one.name === name));
  if (odd)
    throw wrong(
      "the model takes no such input",
      inputsOf(facts)
        .map((one) => one.name)
        .join(", "),
      odd.name.slice(0, 60),
    );
  const ids = byName.get("input_ids");
  if (ids) return outputs(facts, names, await answersOfIds(model, ids, byName, call));
  const items = itemsOf(facts, byName);
  checkGroups(model, items);
  const needsLogits = names.includes("logits");
  const [answered, logits] = await Promise.all([
    model.answers(items, call),
    needsLogits ? model.logits(items, call) : undefined,
  ]);
  const unusable = answered.find(({ answer, quotes }) => !answer && !quotes);
  if (unusable) throw wrong("an input cannot be used", "texts that are not empty", unusable.unusable);
  return outputs(
    facts,
    names,
    answered.map((one, i) => ({ ...one, logits: logits?.[i], item: items[i]! })),
  );
}

const wrong = (problem: string, expected: string, got?: string) =>
  refused(400, { operation: "infer", problem, expected, got, path: "body" });

type Row = AnsweredItem & { readonly item: ServedItem; readonly logits?: Float32Array };

/** Each input of texts or images. */
function itemsOf({ reads, pair }: ModelFacts, byName: ReadonlyMap<string, Tensor>): ServedItem[] {
  const first = byName.get(reads === "text" ? "text" : "image");
  if (!first) throw wrong("an input is missing", reads === "text" ? "text, or input_ids" : "image");
  const count = rowsOf(first);
  const column = (name: string) => {
    const tensor = byName.get(name);
    if (tensor && rowsOf(tensor) !== count) throw wrong("the inputs differ in number", `${count}`, `${rowsOf(tensor)}`);
    return tensor && textsOf(tensor);
  };
  const groups = column("group");
  if (reads !== "text") {
    if (first.values.datatype !== "BYTES") throw wrong("the input is no image", "BYTES", first.values.datatype);
    return first.values.data.map((bytes, i) => ({ input: { bytes: Uint8Array.from(bytes) }, group: groups?.[i] }));
  }
  const [texts, seconds] = [column("text")!, column("pair")];
  if (pair && !seconds) throw wrong("an input is missing", "text, pair");
  return texts.map((text, i) => ({
    input: { parts: seconds ? [text, seconds[i]!] : [text] },
    group: groups?.[i],
  }));
}

/** Inputs of a tensor [n], or [n, 1] as some clients send it. */
function rowsOf({ shape }: Tensor): number {
  const [count = 0, ...more] = shape;
  if (shape.length > 0 && more.every((size) => size === 1) && count > 0 && count <= mostRows) return count;
  throw wrong("the shape does not fit", `[n] or [n, 1], n from 1 to ${mostRows}`, `[${shape.join(", ")}]`);
}

/** Rows of token ids, without their padding, answered by the model alone: decisions are about texts. */
async function answersOfIds(
  model: ServedModel,
  ids: Tensor,
  byName: ReadonlyMap<string, Tensor>,
  call: CallOptions,
): Promise<Row[]> {
  const { words, temperature, temperatures, decisions } = model.facts;
  const head = { ...model.facts, labels: { names: model.facts.labels } };
  if (decisions) throw wrong("the model decides by a rule that needs texts", "text", "input_ids");
  if (words) throw wrong("the model labels words, which token ids do not tell", "text", "input_ids");
  const items = tokenItems(model.facts, ids, byName);
  const rows = await model.tokens(items, call);
  return rows.map((logits, i) => ({
    item: items[i]!,
    logits,
    answer: answerOf(head, logits, { temperature, temperatures }),
  }));
}

function tokenItems(facts: ModelFacts, ids: Tensor, byName: ReadonlyMap<string, Tensor>): ServedItem[] {
  const { vocabulary = 0, maxTokens = 0, segments = 0 } = facts;
  const [count = 0, width = 0] = ids.shape;
  if (ids.shape.length !== 2 || count < 1 || count > mostRows || width < 1 || width > maxTokens)
    throw wrong("the shape does not fit", `[1 … ${mostRows}, 1 … ${maxTokens}]`, `[${ids.shape.join(", ")}]`);
  const numbers = (name: string, below: number): readonly number[] | undefined => {
    const tensor = byName.get(name);
    if (!tensor) return undefined;
    const { values, shape } = tensor;
    if (values.datatype !== "INT64" && values.datatype !== "INT32")
      throw wrong("the input is no whole numbers", "INT64, INT32", values.datatype);
    if (shape.join() !== ids.shape.join())
      throw wrong("the inputs differ in shape", ids.shape.join(", "), shape.join(", "));
    const bad = values.data.find((value) => value < 0 || value >= below);
    if (bad !== undefined) throw wrong("a number is out of range", `${name}: 0 … ${below - 1}`, String(bad));
    return values.data;
  };
  const [tokens, mask, types] = [
    numbers("input_ids", vocabulary)!,
    numbers("attention_mask", 2),
    numbers("token_type_ids", Math.max(segments, 1)),
  ];
  return Array.from({ length: count }, (_, row) => {
    const [from, to] = [row * width, (row + 1) * width];
    const seen = mask?.slice(from, to) ?? new Array<number>(width).fill(1);
    const length = seen.indexOf(0) < 0 ? width : seen.indexOf(0);
    if (length === 0 || seen.slice(length).some((value) => value !== 0))
      throw wrong("the mask is not tokens followed by padding", "ones, then zeros");
    const typeIds = types?.slice(from, from + length) ?? new Array<number>(length).fill(0);
    return { input: { ids: tokens.slice(from, from + length), typeIds } };
  });
}

/** What is asked of answers, as tensors. */
function outputs(facts: ModelFacts, names: readonly string[], rows: readonly Row[]): Tensor[] {
  const records = rows.map((row) => recordOf({ facts }, row.item, row, { top: facts.labels.length, abstain: 0 }));
  const make: Readonly<Record<string, () => Tensor>> = {
    answer: () =>
      bytesTensor(
        "answer",
        rows.map(({ quotes }) => quotes![0]!.text),
      ),
    probability: () =>
      rowsTensor(
        "probability",
        rows.map(({ quotes }) => [quotes![0]!.probability]),
      ),
    entities: () =>
      bytesTensor(
        "entities",
        records.map((record) => JSON.stringify(record.entities)),
      ),
    tasks: () =>
      bytesTensor(
        "tasks",
        records.map((record) => JSON.stringify(record.tasks)),
      ),
    value: () =>
      rowsTensor(
        "value",
        records.map((record) => [record.value as number]),
      ),
    label: () =>
      bytesTensor(
        "label",
        records.map(({ label }) => (typeof label === "string" ? label : label === null ? "" : JSON.stringify(label))),
      ),
    probabilities: () =>
      rowsTensor(
        "probabilities",
        rows.map(({ answer }) => {
          const ranked = answer && "ranked" in answer ? answer.ranked : [];
          const found = new Map(ranked.map(({ label, probability }) => [label, probability]));
          return facts.labels.map((label) => found.get(label)!);
        }),
      ),
    logits: () =>
      rowsTensor(
        "logits",
        rows.map(({ logits }) => Array.from(logits!)),
      ),
  };
  return names.map((name) => make[name]!());
}
