// The thread of one model: opens it, answers questions in their order. Started by thread.ts only. Knows no request and no clock but its own.
import { setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { ConcordError } from "../../base/index.ts";
import type { Given } from "../../modalities/index.ts";
import { isTextPredictor, type TextInput } from "../../predict/index.ts";
import {
  type AnswerExplainer,
  answerExplainer,
  answerer,
  choosesAnswers,
  embedsTexts,
  findsAnswers,
  forecastsSeries,
  givenText,
  textShape,
  writesTexts,
} from "../../runs/index.ts";
import { errorData } from "../../runtime/node/thread.ts";
import { openChoices } from "./choices.ts";
import type {
  AnsweredItem,
  EmbeddedItem,
  ItemResult,
  Question,
  ServedItem,
  ThreadInput,
  ThreadOutput,
  ThreadStart,
} from "./facts.ts";
import { type MeasuringPredictor, measuring } from "./measured.ts";
import { factsOf, openServed, type ServedOpen } from "./open.ts";
import { openQuotes } from "./quotes.ts";
import { openVectors } from "./vectors.ts";
import { openWriter, type ThreadWriter } from "./writer.ts";

/** What the thread does with a model of either kind. */
type Opened = ThreadWriter;

const port = parentPort!;
const { source, threads, profile, nice } = workerData as ThreadStart;
if (nice !== undefined && process.platform === "linux") setPriority(0, nice); // on Linux 0 is this thread; its own threads inherit it
const post = (message: ThreadOutput) => port.postMessage(message);

/** Inputs as the model's own rows are read. */
async function givenOf({ input, group }: ServedItem, opened: ServedOpen): Promise<Given> {
  const { modality } = opened;
  if ("ids" in input) throw wrongInput("token ids have no text", "text");
  if ("bytes" in input) {
    if (modality.given) return { ...(await modality.given.bytes(input.bytes, "image")), group };
    throw wrongInput("the model reads texts, not images", "text");
  }
  if (modality.given) throw wrongInput(`the model reads no texts`, modality.name);
  const shape = textShape(opened);
  if (input.choices) throw wrongInput("the model does not choose among answers", "text");
  if (input.parts.length !== (shape.pair ? 2 : 1))
    throw wrongInput(shape.pair ? "the model reads two texts" : "the model reads one text, not two", "text, pair");
  return { ...givenText(input.parts.join("\t"), { ...shape, pair: shape.pair }), group };
}

const wrongInput = (problem: string, expected: string) =>
  new ConcordError("E_ARGUMENT", { operation: "predict", problem, expected });

/** Usable inputs, with what the predictor takes. */
async function contentOf(item: ServedItem, opened: ServedOpen): Promise<unknown> {
  const { input } = await givenOf(item, opened);
  if ("content" in input) return input.content;
  throw new ConcordError("E_ARGUMENT", {
    operation: "predict",
    problem: input.unusable === "no-text" ? "the text is empty" : "the input cannot be used",
    expected: `a text of at most ${textShape(opened).longest} characters`,
    got: input.unusable,
  });
}

let measured: MeasuringPredictor | undefined;

async function answers(items: readonly ServedItem[], opened: ServedOpen): Promise<AnsweredItem[]> {
  const given = await Promise.all(items.map((item) => givenOf(item, opened)));
  const isBase = items.every(({ adapter }) => adapter === undefined);
  if (profile && isBase) measured ??= measuring(opened.predictor, profile);
  measured?.taken(); // of a question that failed
  const answering = measured && isBase ? { ...opened, predictor: measured.predictor } : opened;
  const found: AnsweredItem[] = [];
  for await (const { given: one, answer } of answerer(answering, { atOnce: items.length }).answer(given))
    found.push(answer ? { answer } : { unusable: "unusable" in one.input ? one.input.unusable : undefined });
  const bins = measured?.taken() ?? [];
  let next = 0;
  return bins.length ? found.map((one) => (one.answer ? { ...one, bins: bins[next++]! } : one)) : found;
}

/** The model's own logits of texts that are tokens already. */
async function tokenLogits(items: readonly ServedItem[], { unadjusted }: ServedOpen): Promise<Float32Array[]> {
  if (!isTextPredictor(unadjusted)) throw wrongInput("the model reads no texts", "an image");
  return await unadjusted.encodedLogits(
    items.map(({ input }) => {
      if ("ids" in input) return input;
      throw wrongInput("token ids are needed", "input_ids");
    }),
  );
}

async function embedded(contents: readonly unknown[], { predictor }: ServedOpen): Promise<EmbeddedItem[]> {
  const features = await predictor.features(contents);
  if (!isTextPredictor(predictor)) return features.map((row) => ({ features: row, tokens: 0 }));
  const truncation = { maxLength: predictor.limit };
  const encodings = await predictor.tokenizer.encodeBatch(contents as readonly TextInput[], { truncation });
  return features.map((row, i) => ({ features: row, tokens: encodings[i]!.ids.length }));
}

let explains: AnswerExplainer | undefined;

function explainerOf(opened: ServedOpen): AnswerExplainer {
  const { predictor, unadjusted, weights, temperature } = opened;
  if (!isTextPredictor(predictor) || !isTextPredictor(unadjusted))
    throw new ConcordError("E_MODEL", { operation: "explain", problem: "the model reads no texts" });
  explains ??= answerExplainer(source.path, { predictor, unadjusted, weights, temperature });
  return explains;
}

/** Results of all items together, those of each adapter in a run of their own. @throws what one of them throws */
async function results(question: Question, opened: ServedOpen): Promise<unknown[]> {
  const adapters = new Set(question.items.map(({ adapter }) => adapter));
  if (adapters.size === 1) return await resultsOf(question, adaptedBy(opened, [...adapters][0]));
  const found = new Array<unknown>(question.items.length);
  for (const adapter of adapters) {
    const places = [...question.items.keys()].filter((i) => question.items[i]!.adapter === adapter);
    const part = { ...question, items: places.map((i) => question.items[i]!) };
    for (const [k, value] of (await resultsOf(part, adaptedBy(opened, adapter))).entries()) found[places[k]!] = value;
  }
  return found;
}

/** The model as an adapter has it: the temperature was fitted to the model without it. */
function adaptedBy(opened: ServedOpen, adapter: string | undefined): ServedOpen {
  if (adapter === undefined) return opened;
  const predictor = opened.adapted.get(adapter)!; // the server asks for those that there are
  return { ...opened, predictor, unadjusted: predictor, temperature: undefined, temperatures: undefined };
}

async function resultsOf(question: Question, opened: ServedOpen): Promise<unknown[]> {
  const { ask, items } = question;
  if (ask === "write") throw wrongInput("the model does not generate texts", "POST /predict, or /v1/embeddings");
  if (ask === "answers") return await answers(items, opened);
  if (ask === "tokens") return await tokenLogits(items, opened);
  const contents = await Promise.all(items.map((item) => contentOf(item, opened)));
  if (ask === "logits")
    return await opened.predictor.logits(
      contents,
      items.map(({ group }) => group),
    );
  if (ask === "embed") return await embedded(contents, opened);
  const found: unknown[] = [];
  for (const [i, content] of contents.entries())
    found.push(
      await explainerOf(opened).explain(content as TextInput, { ...question.options, group: items[i]!.group }),
    );
  return found;
}

/** Each item's result: together where all succeed; else each by itself, so that a bad one spoils no other. */
async function each(question: Question, opened: Opened): Promise<ItemResult[]> {
  try {
    return (await opened.results(question)).map((value) => ({ value }));
  } catch (error) {
    if (question.items.length === 1) return [{ fault: errorData(error) }];
    const alone: ItemResult[] = [];
    for (const item of question.items) alone.push(...(await each({ ...question, items: [item] }, opened)));
    return alone;
  }
}

async function ask(question: Question & { readonly id: number }, opened: Opened): Promise<void> {
  const started = performance.now();
  const found = await each(question, opened);
  post({ id: question.id, results: found, ms: performance.now() - started });
}

/** A model that gives labels, numbers or entities. */
async function openAnswering(): Promise<Opened> {
  const opened = await openServed(source, threads);
  return {
    facts: factsOf(opened),
    results: (question) => results(question, opened),
    async dispose() {
      await explains?.dispose();
      await opened.predictor.dispose();
      for (const predictor of opened.adapted.values()) await predictor.dispose();
    },
  };
}

/** Models that give no labels: how a folder shows it, and what opens it. */
const others = [
  [writesTexts, openWriter],
  [embedsTexts, openVectors],
  [findsAnswers, openQuotes],
  [choosesAnswers, openChoices],
] as const;

async function openAny(): Promise<Opened> {
  if (await forecastsSeries(source.folder))
    throw new ConcordError("E_MODEL", {
      operation: "serve",
      problem: "models that forecast series are not served so far",
      expected: "a model of texts or images",
      hint: "forecast the end of a table: concord predict <run> --file <table>",
      path: source.path,
    });
  for (const [isOf, openOther] of others) if (await isOf(source.folder)) return openOther(source, threads);
  return openAnswering();
}

/** Opens the model. Undefined where that failed, which is posted. */
async function open(): Promise<Opened | undefined> {
  try {
    const opened = await openAny();
    post({ opened: opened.facts });
    return opened;
  } catch (error) {
    post({ unopened: errorData(error) });
    port.close();
    return undefined;
  }
}

let opening: Promise<Opened | undefined> = Promise.resolve(undefined);
let last: Promise<void> = Promise.resolve();

port.on("message", (input: ThreadInput) => {
  if (input === "open") opening = open();
  else
    last = last.then(async () => {
      const opened = await opening;
      if (input !== "close") return opened && (await ask(input, opened));
      await opened?.dispose();
      port.close();
    });
});
