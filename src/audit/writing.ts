// The audit of a model that writes: how often it gives away training text, against texts that it did not learn; and how often its answers
// refuse or have toxic words, by group.
import { facts, model, plainFacts, rows, rowsFolder, valuesFile } from "../artifacts/index.ts";
import { random } from "../base/index.ts";
import { rowsOfTexts, type TextRow } from "../data/index.ts";
import { clopperPearson } from "../eval/index.ts";
import { generatorOf, isAnswered, messagesOf, openDecoder, type Prompt, sequencesOf } from "../generate/index.ts";
import { type Language, say } from "../messages/index.ts";
import { isTextProcessor, modalities } from "../modalities/node/index.ts";
import { loadModel } from "../models/node/index.ts";
import { html, table } from "../pages/index.ts";
import type { Measured } from "../passport/index.ts";
import { hasTestSplit, type Recipe } from "../recipe/index.ts";
import { cpuRuntime } from "../runtime/node/ort.ts";
import { attributeGroupsOf, defineStage, sectionOf, wordless } from "../stages/index.ts";
import { taskOf } from "../tasks/index.ts";
import { hasPhrase, refusalPhrases, toxicWords } from "./answer-words.ts";
import { drawn } from "./define-audit.ts";
import { cutTexts, givenAway } from "./extraction.ts";

/** A share with its exact interval, and of how many. */
interface Share extends Measured {
  readonly low: number;
  readonly high: number;
  readonly count: number;
  readonly of: number;
}

/** Shares of all answers, and of the groups of each attribute. */
interface Rates {
  readonly all: Share;
  readonly groups: Readonly<Record<string, Readonly<Record<string, Share>>>>;
}

/** What audit/writing.json holds beside its values. */
interface Found {
  readonly values: Readonly<Record<string, Measured>>;
  readonly extraction: { readonly training: Share | null; readonly heldOut: Share | null };
  readonly refusals: Rates | null;
  readonly toxicity: Rates | null;
}

/** What is found, for gates and the report. */
export const writingAudit = valuesFile("audit writing", "audit/writing.json");

const settingsOf = ({ audit, task }: Recipe) =>
  taskOf(task).writes && audit?.writing !== undefined && audit.writing !== false ? audit.writing : undefined;

export const writingStage = defineStage({
  name: "audit-writing",
  version: 1,
  reads: [rows.train, rows.test, model, facts.evaluate],
  makes: [writingAudit],
  facts: plainFacts("audit-writing"),
  evidence: writingAudit,
  section: sectionOf(writingAudit, { en: "Audit of what it writes", zh: "生成内容审计" }, (found, language) =>
    shownFound(found as unknown as Found, language),
  ),
  local: true,
  supports: (recipe) => hasTestSplit(recipe) && settingsOf(recipe) !== undefined,
  settings: async (recipe) => ({ settings: settingsOf(recipe), attributes: recipe.data.attributes }),
  async work({ recipe, home, read, write, emit, language }) {
    const settings = settingsOf(recipe)!;
    const folder = await read(model);
    const { model: loaded, weights } = await loadModel(folder);
    const options = { home: rowsFolder(recipe, home), maxLength: recipe.model.maxLength };
    const processor = await modalities[recipe.modality].open(folder, loaded, options);
    if (!isTextProcessor(processor)) throw wordless(recipe);
    const { tokenizer } = processor;
    const rng = random(recipe.seed).split("writing");
    const train = drawn(rowsOfTexts(await read(rows.train)), settings.rows, rng.split("train"));
    const test = drawn(rowsOfTexts(await read(rows.test)), settings.rows, rng.split("test"));
    const decoder = await openDecoder(loaded, weights, cpuRuntime, { threads: recipe.adapt.threads });
    try {
      const extracted = async (part: readonly TextRow[]) => {
        const cut = cutTexts(await sequencesOf(tokenizer, part), settings.prefix, settings.suffix);
        return cut.length ? shareOf(await givenAway(decoder, cut)) : null;
      };
      const extraction = { training: await extracted(train), heldOut: await extracted(test) };
      const asked = test.filter(isAnswered);
      const generator = generatorOf(decoder, tokenizer);
      const prompts = asked.map((row): Prompt => openChat(row));
      const written = await generator.continuations(prompts, { maxTokens: settings.maxTokens, batchSize: 32 });
      const texts = written.map(({ text }) => text);
      const rates = (phrases: readonly string[]) =>
        asked.length ? ratesOf(recipe, asked, texts.map(hasPhrase(phrases))) : null;
      const refusals = rates(settings.refusals ?? refusalPhrases);
      const toxicity = rates(settings.words ?? toxicWords);
      const values = valuesOf({ extraction, refusals, toxicity });
      await write(writingAudit, { part: "writing", values, extraction, refusals, toxicity });
      emit({ kind: "note", stage: "audit-writing", text: textOf({ extraction, refusals, toxicity }, language) });
      return { values };
    } finally {
      await decoder.dispose();
    }
  },
});

/** The chat of a row up to its last answer, which the model is to write. */
function openChat(row: TextRow) {
  const messages = messagesOf(row);
  const last = messages.findLastIndex(({ role }) => role === "assistant");
  return messages.slice(0, last);
}

function shareOf(found: readonly boolean[]): Share {
  const count = found.filter(Boolean).length;
  const { low, high } = clopperPearson(count, found.length);
  return { value: count / found.length, low, high, count, of: found.length };
}

function ratesOf(recipe: Recipe, asked: readonly TextRow[], found: readonly boolean[]): Rates {
  const groups = Object.entries(attributeGroupsOf(recipe, asked)).map(([attribute, { groups: names }]) => {
    const all = [...new Set(names)].sort();
    const shares = all.flatMap((name) => {
      const own = found.filter((_, i) => names[i] === name);
      return own.length < recipe.evaluate.smallestCell ? [] : [[String(name), shareOf(own)] as const];
    });
    return [attribute, Object.fromEntries(shares)] as const;
  });
  return { all: shareOf(found), groups: Object.fromEntries(groups) };
}

function valuesOf({ extraction, refusals, toxicity }: Omit<Found, "values">): Record<string, Measured> {
  const { training, heldOut } = extraction;
  const values: Record<string, Measured> = {};
  const put = (name: string, share: Measured | null | undefined) => {
    if (share) values[`writing.${name}`] = { value: share.value, low: share.low, high: share.high };
  };
  put("extraction.training", training);
  put("extraction.heldOut", heldOut);
  if (training && heldOut) values["writing.extraction.difference"] = { value: training.value - heldOut.value };
  for (const [name, rates] of Object.entries({ refusals, toxicity })) {
    put(`${name}.all`, rates?.all);
    for (const [attribute, groups] of Object.entries(rates?.groups ?? {})) {
      for (const [group, share] of Object.entries(groups)) put(`${name}.${attribute}.${group}`, share);
      const shares = Object.values(groups).map(({ value }) => value);
      if (shares.length > 1)
        values[`writing.${name}.${attribute}.difference`] = { value: Math.max(...shares) - Math.min(...shares) };
    }
  }
  return values;
}

const percent = (share: Share | null): string =>
  share
    ? `${(100 * share.value).toFixed(1)} % [${(100 * share.low).toFixed(1)}, ${(100 * share.high).toFixed(1)}]`
    : "–";

const textOf = ({ extraction, refusals, toxicity }: Omit<Found, "values">, language: Language): string =>
  say(language, "audit.writing.found", {
    training: percent(extraction.training),
    heldOut: percent(extraction.heldOut),
    refusals: percent(refusals?.all ?? null),
    toxicity: percent(toxicity?.all ?? null),
  });

function shownFound(found: Found, language: Language) {
  const line = (name: string, share: Share | null) => [
    name,
    percent(share),
    share ? `${share.count} / ${share.of}` : "–",
  ];
  const rated = (key: "refusals" | "toxicity") => {
    const label = say(language, `audit.writing.${key}`);
    const groups = Object.entries(found[key]?.groups ?? {}).flatMap(([attribute, shares]) =>
      Object.entries(shares).map(([group, share]) => line(`${label}, ${attribute} = ${group}`, share)),
    );
    return [line(label, found[key]?.all ?? null), ...groups];
  };
  const columns = (["what", "share", "count"] as const).map((key) => say(language, `audit.writing.${key}`));
  const lines = [
    line(say(language, "audit.writing.training"), found.extraction.training),
    line(say(language, "audit.writing.heldOut"), found.extraction.heldOut),
    ...rated("refusals"),
    ...rated("toxicity"),
  ];
  return html`${table({ caption: columns[0]!, columns, rows: lines })}<p>${say(language, "audit.writing.rules")}</p>`;
}
