// The passport of a study: made from its folder's evidence (scores, transcripts of the parties), and checked against it again. A study folder
// holds model/, metrics.json, together.json and transcripts/<party>/log.jsonl.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readJson } from "../artifacts/index.ts";
import { ConcordError, canonicalJson } from "../base/index.ts";
import { bytesOf, countedIn, type Proposal, type RecordedRound, type SpentPrivacy } from "../federated/index.ts";
import { loadModel } from "../models/node/index.ts";
import {
  checkGates,
  type GateResult,
  isMeasured,
  leftGates,
  type Measured,
  type Override,
  type Passport,
  type StudyMember,
  type StudyRecord,
} from "../passport/index.ts";
import { type Recipe, readRecipe } from "../recipe/index.ts";
import { withoutGuarantee } from "../stages/index.ts";
import { keyIdOf, openReleaseLog } from "../store/index.ts";
import {
  type CheckedTranscript,
  checkSpent,
  compareTranscripts,
  publicKeyIn,
  readTranscript,
  studyFiles,
  studyRecipe,
  transcriptFolder,
} from "../studies/index.ts";
import { passportOf } from "./build-passport.ts";
import type { Policy, TrustedSigner } from "./policy-file.ts";
import { scoresIn } from "./run-values.ts";
import { signersOf } from "./signers.ts";

/** True for a folder that `finishStudy` wrote. */
export const isStudyFolder = (path: string): boolean => existsSync(join(path, studyFiles.record));

const fault = (code: "E_CHECKSUM" | "E_IO" | "E_SIGNATURE", problem: string, path: string, expected = "", got = "") =>
  new ConcordError(code, {
    operation: "study's passport",
    problem,
    path,
    ...(expected && { expected }),
    ...(got && { got }),
  });

interface StudyFacts {
  readonly proposal: Proposal;
  readonly record: StudyRecord;
  readonly values: Readonly<Record<string, Measured>>;
}

/**
 * What the transcripts of a study's parties and its scores say.
 * @param folder with metrics.json and transcripts/
 * @param coordinator its name
 * @throws E_CHECKSUM, E_SIGNATURE, E_ROUND naming the first thing that does not hold, or that two parties were told differently; E_IO
 */
async function studyFacts(folder: string, coordinator: string): Promise<StudyFacts> {
  const transcript = await coordinatorsTranscript(folder, coordinator);
  const { proposal, digest, consents, left, rounds, finished } = transcript;
  if (finished === undefined) throw fault("E_IO", "the study is not finished", transcriptFolder(folder, coordinator));
  const transcripts: Record<string, { size: number; root: string }> = { [coordinator]: headOf(transcript) };
  for (const { name, key } of proposal.members.filter((m) => consents.has(m.name))) {
    const place = transcriptFolder(folder, name);
    if (!existsSync(place)) {
      if (left.has(name)) continue; // nobody can be made to hand it in
      throw fault("E_IO", `the transcript of ${name} is missing`, place);
    }
    const own = await readTranscript(place, name, publicKeyIn(key));
    const gap = compareTranscripts(transcript, own);
    if (gap?.lacks === coordinator)
      throw fault(
        "E_CHECKSUM",
        `${coordinator} lacks what ${name} was told: ${gap.phase} of round ${gap.round}`,
        place,
      );
    transcripts[name] = headOf(own);
  }
  const budget = budgetIn(proposal);
  for (const [name, { epsilon }] of transcript.privacy)
    if (budget === null || epsilon > budget)
      throw fault(
        "E_CHECKSUM",
        `${name} states more privacy spent than the proposal allows`,
        transcriptFolder(folder, coordinator),
        budget === null ? "no statement in a study without privacy" : `ε ≤ ${budget}`,
        `ε = ${epsilon}`,
      );
  const trained = proposal.tests.length > 0 ? rounds.slice(0, -1) : rounds;
  const shown = transcript.privacy.size > 0 && showsLedgers(proposal) ? studyRecipe(proposal.recipe) : undefined;
  for (const [name, stated] of shown ? transcript.privacy : [])
    checkSpent(
      shown!,
      { name, stated },
      trained.filter((r) => countedIn(r).includes(name)),
      transcriptFolder(folder, coordinator),
    );
  const members = proposal.members.map(
    ({ name, key }): StudyMember => ({
      name,
      keyid: keyIdOf(publicKeyIn(key)),
      consented: consents.has(name),
      rounds: trained.filter((r) => countedIn(r).includes(name)).length,
      budget,
      spent: spentBy(transcript.privacy.get(name)),
      ...(left.has(name) && { left: left.get(name)! }),
    }),
  );
  const record: StudyRecord = {
    run: proposal.run,
    proposal: digest,
    coordinator,
    strategy: proposal.strategy.name,
    threshold: proposal.threshold,
    ...(proposal.norm !== undefined && { norm: proposal.norm }),
    members,
    rounds,
    start: Object.fromEntries(proposal.files.map(({ name, sha256 }) => [name, sha256])),
    weights: finished,
    transcripts,
  };
  return { proposal, record, values: await studyValues(folder, transcript, members) };
}

/** Whether members agreed to show their ledgers. */
const showsLedgers = ({ recipe }: Proposal): boolean =>
  (recipe as { together?: { ledgers?: unknown } }).together?.ledgers === "shown";

const spentBy = (stated: SpentPrivacy | undefined) =>
  stated ? { epsilon: stated.epsilon, delta: stated.delta } : null;

const headOf = ({ head: { size, root } }: CheckedTranscript) => ({ size, root });

type Opening = { readonly name?: unknown; readonly key?: unknown };

/** Whom a transcript's proposal names as coordinator. */
async function openingOf(place: string): Promise<{ readonly name: string; readonly key: string }> {
  const [first] = (await openReleaseLog(place)).entries;
  const message = first?.message as { body?: { proposal?: { coordinator?: Opening } } } | undefined;
  const { name, key } = message?.body?.proposal?.coordinator ?? {};
  if (typeof name !== "string" || typeof key !== "string")
    throw fault("E_CHECKSUM", "a transcript begins with the proposal", place);
  return { name, key };
}

/** The coordinator of a study's folder, as the transcripts in it say. */
async function coordinatorOf(study: string): Promise<string> {
  const place = join(study, studyFiles.transcripts);
  const [first] = existsSync(place) ? (await readdir(place)).sort() : [];
  if (first === undefined) throw fault("E_IO", "the transcripts of the study's parties are missing", place);
  return (await openingOf(join(place, first))).name;
}

/** The coordinator's key is in its own first entry; members vouch for it by their transcripts of the same proposal. */
async function coordinatorsTranscript(folder: string, coordinator: string): Promise<CheckedTranscript> {
  const place = transcriptFolder(folder, coordinator);
  if (!existsSync(place)) throw fault("E_IO", `the transcript of ${coordinator} is missing`, place);
  return readTranscript(place, coordinator, publicKeyIn((await openingOf(place)).key));
}

function budgetIn({ recipe }: Proposal): number | null {
  const { adapt } = recipe as { adapt?: { privacy?: { epsilon?: unknown } } };
  return typeof adapt?.privacy?.epsilon === "number" ? adapt.privacy.epsilon : null;
}

/** Scores of the whole, gaps between groups, values of the sites that showed them, each member's budget and what it spent of it. */
async function studyValues(
  folder: string,
  { sites, rounds, proposal }: CheckedTranscript,
  members: readonly StudyMember[],
): Promise<Record<string, Measured>> {
  const metrics = await readJson<Record<string, unknown>>(join(folder, studyFiles.metrics));
  const values = metricValues(metrics);
  const add = (name: string, value: number) => {
    values[name] = { value };
  };
  for (const [site, siteValues] of sites)
    for (const [name, value] of Object.entries(siteValues)) add(`sites.${site}.${name}`, value);
  for (const { name, budget, spent } of members) {
    if (budget !== null) add(`together.${name}.budget`, budget);
    if (spent !== null) add(`together.${name}.epsilon`, spent.epsilon);
  }
  add("together.members", proposal.members.length);
  add("together.rounds", rounds.length);
  add("together.survivors.least", Math.min(...rounds.map(leastSum)));
  return values;
}

/** Participants in the smallest of a round's sums. */
const leastSum = ({ survivors, buckets }: RecordedRound): number =>
  Math.min(
    ...(buckets ?? [{ members: survivors, sum: "" }]).flatMap((b) => (b.sum === undefined ? [] : b.members.length)),
  );

/** Scores of metrics.json, and the gaps between its groups. */
export function metricValues(metrics: Readonly<Record<string, unknown>>): Record<string, Measured> {
  const values: Record<string, Measured> = { ...scoresIn(metrics) };
  for (const [attribute, gaps] of Object.entries((metrics.gaps ?? {}) as Record<string, Record<string, unknown>>))
    for (const [measure, gap] of Object.entries(gaps))
      if (isMeasured(gap)) values[`fairness.${attribute}.gap.${measure}`] = gap;
  return values;
}

/**
 * The passport that a finished study deserves under a policy.
 * @throws as the study's evidence is checked; E_CHECKSUM where the model is not the one that the last round gave; E_CONFIG
 */
export async function buildStudyPassport(
  study: string,
  policy: Pick<Policy, "digest" | "gates" | "path" | "signers">,
  decide: (gates: readonly GateResult[]) => readonly Override[],
  now: Date,
): Promise<Passport> {
  const { proposal, record, values } = await studyFacts(study, await coordinatorOf(study));
  await checkWeights(join(study, studyFiles.model), proposal, record.weights);
  const recipe = readRecipe(JSON.stringify(proposal.recipe), "proposal: recipe");
  const gates = [...checkGates(policy.gates, values, policy.path), ...leftGates(record)];
  return await passportOf(study, recipe, {
    made: now,
    data: [],
    evidence: [
      studyFiles.metrics,
      studyFiles.record,
      ...Object.keys(record.transcripts).map((name) => `${studyFiles.transcripts}/${name}/log.jsonl`),
    ],
    rows: rowsIn(proposal, record, values),
    values,
    stages: [],
    privacy: recipe.adapt.privacy ? { private: true, noGuarantee: outsideOf(recipe) } : null,
    together: record,
    policy: { digest: policy.digest, gates, overrides: decide(gates), signers: signersOf(policy) },
  });
}

/** What a study publishes of its rows outside the guarantee: nobody gives losses away. */
const outsideOf = (recipe: Recipe): string[] =>
  withoutGuarantee(recipe, true).filter((what) => what !== "training-loss");

/** Rows of all who stayed in the last round of training, of each member `maxExamples` at most, and all rows that were tested on. */
function rowsIn({ tests }: Proposal, { rounds }: StudyRecord, values: Passport["values"]): Record<string, number> {
  const trained = tests.length === 0 ? rounds.at(-1) : rounds.at(-2);
  const tested = values["metrics.rows"];
  return { ...(trained && { train: trained.examples }), ...(tested && { test: tested.value }) };
}

/** The released weights are the vector that the transcripts name. @throws E_CHECKSUM */
async function checkWeights(folder: string, { update }: Proposal, expected: string): Promise<void> {
  const { weights } = await loadModel(folder);
  const hash = createHash("sha256");
  for (const { name, size } of update) {
    const data = weights.get(name)?.data;
    if (data?.length !== size)
      throw fault("E_CHECKSUM", `the model has no parameter ${name} of the study's size`, folder, `${size} numbers`);
    hash.update(bytesOf(data));
  }
  const got = hash.digest("hex");
  if (got !== expected)
    throw fault("E_CHECKSUM", "the model is not the one that the last round gave", folder, `SHA-256 ${expected}`, got);
}

/**
 * A study's passport needs the signature of each member whose numbers are in the model; of one that left, an override instead.
 * @throws E_SIGNATURE naming who has not signed
 */
export function checkMembersSigned({ together }: Passport, signers: readonly TrustedSigner[], path: string): void {
  const missing = (together?.members ?? [])
    .filter(({ rounds, left, keyid }) => rounds > 0 && left === undefined && !signers.some((s) => s.keyId === keyid))
    .map(({ name }) => name);
  if (missing.length)
    throw new ConcordError("E_SIGNATURE", {
      operation: "study's passport",
      problem: `not signed by every participant of the study: ${missing.join(", ")}`,
      expected: "a signature of each participant whose numbers are in the model, by the key of the proposal",
      got: signers.map((s) => s.name).join(", ") || "no signature",
      hint: "concord sign passport.json --key <theirs>",
      path,
    });
}

/**
 * Checks a released study again: transcripts, what they say against the passport, and the weights.
 * @throws E_CHECKSUM, E_SIGNATURE, E_ROUND naming the first thing that differs
 */
export async function checkStudy(folder: string, { together, values }: Passport): Promise<void> {
  if (!together) return;
  const evidence = join(folder, "evidence");
  const found = await studyFacts(evidence, together.coordinator);
  for (const [name, value] of Object.entries(found.record))
    if (canonicalJson(value) !== canonicalJson(together[name as keyof StudyRecord]))
      throw fault(
        "E_CHECKSUM",
        `the passport's together.${name} is not what the transcripts say`,
        evidence,
        canonicalJson(value).slice(0, 200),
        canonicalJson(together[name as keyof StudyRecord]).slice(0, 200),
      );
  if (canonicalJson(found.values) !== canonicalJson(values))
    throw fault("E_CHECKSUM", "the passport's values are not what the study's evidence says", evidence);
  await checkWeights(join(folder, studyFiles.model), found.proposal, together.weights);
}
