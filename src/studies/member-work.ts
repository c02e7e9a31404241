// What a member of a study computes on its own rows, round by round. Only differences and counts are given to the round, which masks them.
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fingerprint } from "../artifacts/index.ts";
import { ConcordError } from "../base/index.ts";
import type { Work } from "../federated/index.ts";
import { textProcessor } from "../modalities/node/index.ts";
import { loadModel } from "../models/node/index.ts";
import { spentBefore } from "../privacy/index.ts";
import { cpuRuntime } from "../runtime/node/ort.ts";
import {
  dataLedger,
  examplesOf,
  ledgerPath,
  mitigatedExamples,
  mitigatedRows,
  mitigationGroups,
  pairedExamples,
  withUnits,
} from "../stages/index.ts";
import { openTokenizer } from "../tokenizers/node/index.ts";
import { unitCount } from "../train/index.ts";
import { ledgerWithEarlier } from "../train/node/private-host.ts";
import { openTrainingThread } from "../train/node/thread.ts";
import { type CountedSplit, countAnswers, countName } from "./counting.ts";
import { type LocalTraining, trainRound, vectorDigest } from "./local-training.ts";
import { plannedPrivacy, spentPrivacy } from "./member-privacy.ts";
import { memberRows, ofTable } from "./member-rows.ts";
import { ownAnswers } from "./own-answers.ts";
import { siteScores } from "./scores.ts";
import { studyRecipe } from "./study-recipe.ts";
import type { MemberWork, MemberWorkOptions, OpenMemberWork } from "./types.ts";
import { withVector } from "./vector.ts";

/**
 * Opens a member's rows for a study.
 * @throws E_CHECKSUM where a file of the start model is not the one that the proposal names; E_CONFIG, E_DATA, E_IO, E_MODEL
 * @example const { work, close } = await openMemberWork({ proposal, start: "start", table: "rows.csv", folder: "private" });
 */
export const openMemberWork: OpenMemberWork = async (options) => {
  const { proposal, folder, table, onEvent } = options;
  await checkFiles(options);
  const recipe = studyRecipe(proposal.recipe);
  const { model, weights } = await loadModel(options.start);
  const tokenizer = await openTokenizer(options.start);
  const labels = model.labels?.names ?? [];
  const warn = (text: string) => onEvent?.({ kind: "warning", text });
  const rows = await memberRows(recipe, table, labels, warn);
  onEvent?.({ kind: "prepared", train: rows.train.length, dev: rows.dev.length, test: rows.test.length });
  const [train] = mitigationGroups(recipe, [rows.train]);
  const trainRows = mitigatedRows(recipe, train!);
  const { examples: plain } = await examplesOf(
    recipe,
    textProcessor(tokenizer, recipe.model.maxLength),
    labels,
    trainRows,
  );
  const mitigated = mitigatedExamples(recipe, trainRows, plain);
  const examples = withUnits(recipe, trainRows, await pairedExamples(recipe, tokenizer, trainRows, mitigated));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const data = await dataLedger(ofTable(recipe, table), ".", train!);
  const spent = data ? spentBefore((await ledgerWithEarlier(ledgerPath(folder), data)).entries) : [];
  const privacy = plannedPrivacy(recipe, unitCount(examples), spent);
  const threads = options.threads ?? recipe.adapt.threads;
  const memberAnswers = await ownAnswers(
    cpuRuntime,
    model,
    tokenizer,
    { dev: rows.dev, test: rows.test },
    { maxLength: recipe.model.maxLength, threads },
  );
  const thread = openTrainingThread();
  const local: LocalTraining = { recipe, proposal, model, start: weights, examples, privacy, data, thread, options };
  const given = new Map<string, Promise<Work>>();

  /** Confusion matrices of a part, of all rows and by group. */
  async function counts(part: CountedSplit, vector: Float32Array): Promise<Record<string, number[]>> {
    const answers = await memberAnswers.of(part, withVector(proposal, weights, vector));
    return countAnswers(recipe, part, labels, rows[part], answers);
  }

  const compute: MemberWork["work"] = async (task, round, vector) => {
    if (task === "evaluate") return { examples: rows.test.length, values: await counts("test", vector) };
    const counted = await counts("dev", vector);
    const changed = await trainRound(local, round, vector);
    return { examples: rows.train.length, values: { ...changed, ...counted } };
  };

  return {
    async work(task, round, vector) {
      const asked = `${task} ${round} ${await vectorDigest(vector)}`;
      const known = given.get(asked);
      if (known) return known;
      given.clear(); // rounds that are over
      const result = compute(task, round, vector);
      given.set(asked, result);
      return result;
    },
    async siteValues(vector) {
      return siteScores((await counts("test", vector))[countName("test")]!, rows.train.length);
    },
    privacy: () => spentPrivacy(folder, recipe),
    async close() {
      given.clear();
      await thread.close();
      await memberAnswers.close();
      await rm(join(folder, "rounds"), { recursive: true, force: true });
    },
  };
};

async function checkFiles({ proposal, start }: MemberWorkOptions): Promise<void> {
  for (const { name, sha256 } of proposal.files) {
    const path = join(start, name);
    const found = await fingerprint(path);
    if (found !== sha256)
      throw new ConcordError("E_CHECKSUM", {
        operation: "open start model",
        problem: "the file is not the one that the proposal names",
        expected: sha256,
        got: found,
        path,
      });
  }
}
