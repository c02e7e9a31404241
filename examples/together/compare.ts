// One study in one process, and what it is compared with: each site alone, and all rows in one table (possible only because this is a
// demonstration). All start from the same model and take the same rounds at the same rates; only the rows differ.
import { generateKeyPairSync, sign } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { random } from "../../src/base/index.ts";
import { averageScores, bootstrap, onRows } from "../../src/eval/index.ts";
import { type Identity, type Proposal, simulate } from "../../src/federated/index.ts";
import { nodePrimitives } from "../../src/federated/node/index.ts";
import {
  finishStudy,
  type MemberWork,
  makeStartModel,
  openMemberWork,
  proposeStudy,
  readRecipe,
} from "../../src/pipeline/index.ts";
import { labels, sites, writeSites } from "./sites.ts";

export interface Arm {
  readonly macroF1: number;
  readonly low: number;
  readonly high: number;
  /** [C·C] Counts of answers by label on all test rows. */
  readonly confusion: readonly number[];
}

export interface Comparison {
  readonly seed: number;
  readonly rows: Readonly<Record<string, number>>;
  readonly alone: Readonly<Record<string, Arm>>;
  readonly federated: Arm;
  readonly pooled: Arm;
  /** How far from the mean of the sites alone to pooled the study comes: 1 is all the way. */
  readonly way: number;
  readonly seconds: number;
}

interface Party {
  readonly identity: Identity;
  readonly key: string;
}

function party(name: string): Party {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const key = publicKey.export({ type: "spki", format: "der" }).toString("base64");
  return { identity: { name, sign: (bytes) => new Uint8Array(sign(null, bytes, privateKey)) }, key };
}

/**
 * Makes the tables and the start model, runs the study, and trains alone and pooled.
 * @param recipe path of recipe.yaml @param say called with a line for each thing that is done
 */
export async function compareArms(
  folder: string,
  seed: number,
  { recipe: path, overrides = [], say = () => undefined }: CompareOptions,
): Promise<Comparison> {
  const began = performance.now();
  const recipe = readRecipe(await readFile(path, "utf8"), path, [`seed=${seed}`, ...overrides]);
  const data = join(folder, "data");
  const rows = await writeSites(data, seed);
  const start = join(folder, "start");
  await makeStartModel({ recipe, texts: join(data, "public.csv"), labels, folder: start });
  const parties = new Map(["coordinator", ...Object.keys(sites)].map((name) => [name, party(name)]));
  const keyOf = (name: string) => ({ name, key: parties.get(name)!.key });
  const members = Object.keys(sites);
  const { proposal, model } = await proposeStudy({
    recipe,
    start,
    run: `disease-${seed}-together`,
    coordinator: keyOf("coordinator"),
    members: members.map(keyOf),
  });
  const open = (name: string) =>
    openMemberWork({ proposal, start, table: join(data, `${name}.csv`), folder: join(folder, "private", name) });
  const works = new Map<string, MemberWork>();
  for (const name of [...members, "pooled"]) works.set(name, await open(name));
  const { coordinator } = await simulate({
    primitives: nodePrimitives,
    proposal,
    coordinator: parties.get("coordinator")!.identity,
    members: members.map((name) => ({ identity: parties.get(name)!.identity, work: works.get(name)!.work })),
    model,
    entropy: random(seed),
    onEffect: (_, effect) => {
      if (effect.kind === "counted") say(`round ${effect.result.round}: ${effect.result.survivors.length} sites`);
      if (effect.kind === "clipped") say(`numbers cut to their bound: ${JSON.stringify(effect.parts)}`);
    },
  });
  await finishStudy({ proposal, start, state: coordinator, folder: join(folder, "result") });
  const test = async (vector: Float32Array) => armOf(await allTests(members, works, vector), seed);
  const federated = await test(coordinator.model);
  const alone: Record<string, Arm> = {};
  for (const name of members) {
    alone[name] = await test(await byItself(works.get(name)!, proposal, model));
    say(`${name} alone: macro-F1 ${alone[name]!.macroF1.toFixed(3)}`);
  }
  const pooled = await test(await byItself(works.get("pooled")!, proposal, model));
  for (const work of works.values()) await work.close();
  const mean = members.reduce((sum, name) => sum + alone[name]!.macroF1, 0) / members.length;
  const way = (federated.macroF1 - mean) / (pooled.macroF1 - mean);
  return { seed, rows, alone, federated, pooled, way, seconds: (performance.now() - began) / 1000 };
}

export interface CompareOptions {
  readonly recipe: string;
  /** Of the recipe, such as `together.rounds=4`. */
  readonly overrides?: readonly string[];
  readonly say?: (line: string) => void;
}

/** The same rounds with one table only. Round numbers beyond the study's keep orders of rows apart. */
async function byItself({ work }: MemberWork, { rounds, update }: Proposal, from: Float32Array): Promise<Float32Array> {
  const model = from.slice();
  for (let round = 1; round <= rounds; round++) {
    const { values } = await work("train", round, model.slice());
    let at = 0;
    for (const { name, size } of update) {
      for (let i = 0; i < size; i++) model[at + i]! += values[name]![i]!;
      at += size;
    }
  }
  return model;
}

/** Confusion counts on the test rows of all sites. */
async function allTests(members: readonly string[], works: ReadonlyMap<string, MemberWork>, vector: Float32Array) {
  const sum = new Array<number>(labels.length ** 2).fill(0);
  for (const name of members) {
    const { values } = await works.get(name)!.work("evaluate", 0, vector);
    for (const [i, count] of Array.from(values.test!).entries()) sum[i]! += count;
  }
  return sum;
}

function armOf(confusion: readonly number[], seed: number): Arm {
  const cells = confusion.flatMap((count, cell) => new Array<number>(count).fill(cell));
  const metric = onRows(
    (drawn: number[]) =>
      averageScores(
        drawn.map((cell) => Math.floor(cell / labels.length)),
        drawn.map((cell) => cell % labels.length),
        "macro",
      ).fScore,
    cells,
  );
  const options = { random: random(`together ${seed}`), resamples: 500, method: "percentile" } as const;
  const { estimate, low, high } = bootstrap(metric, cells.length, options);
  return { macroF1: estimate, low, high, confusion };
}
