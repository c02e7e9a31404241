// What stages hand to each other: a name, its place in a run folder, a writer, and a reader that checks what it reads (a run folder is
// hostile until checked). Knows no particular artifact.
import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { ConcordError } from "../base/index.ts";
import { ioError, makeFolder, writeFileAtomically } from "../formats/node/index.ts";
import type { Measured } from "../passport/index.ts";
import { type StageRecord, stageRecordName } from "../store/index.ts";
import { readJson, readJsonLines, writeJson, writeJsonLines } from "./files.ts";

/** Records of stages by their names. */
export type StageRecords = Readonly<Record<string, StageRecord>>;

/** Name and place of an artifact. */
export interface AnyArtifact<Name extends string = string> {
  readonly name: Name;
  /** Where it lies in a run folder. */
  readonly path: string;
  /** What its stage makes: the path, or the folder around it. */
  readonly output: string;
}

/** An artifact whose numbers gates may ask for, each by a dotted name that begins with its stage's or its part's. */
export type Evidence = AnyArtifact & {
  read(folder: string): Promise<{ readonly values: Readonly<Record<string, Measured>> }>;
};

/** Reads `T`, writes `W`. */
export interface Artifact<Name extends string, T, W = T> extends AnyArtifact<Name> {
  /** @throws E_IO where it is not there; E_FORMAT, E_VERSION where it is not what its stage writes */
  read(folder: string): Promise<T>;
  write(folder: string, value: W): Promise<unknown>;
}

/** Reading of what lies in a run folder; `R`: the artifacts that may be read. */
export interface ArtifactReader<R extends AnyArtifact = AnyArtifact> {
  /** @throws E_IO where it is not there; E_FORMAT, E_VERSION where it is not what its stage writes */
  read<T>(artifact: R & { read(folder: string): Promise<T> }): Promise<T>;
  /** As `read`, or undefined where no stage that stands has made it. */
  find<T>(artifact: R & { read(folder: string): Promise<T> }): Promise<T | undefined>;
}

/** A reader of a run folder. @param records of the stages that stand */
export const artifactsIn = (folder: string, records: StageRecords): ArtifactReader => ({
  read: (artifact) => artifact.read(folder),
  find: async (artifact) => (stands(artifact, records) ? await artifact.read(folder) : undefined),
});

/** Whether a stage that stands has made an artifact. */
export const stands = ({ output }: AnyArtifact, records: StageRecords): boolean =>
  Object.values(records).some(({ stage, outputs }) => outputs.includes(output) || stageRecordName(stage) === output);

/** A file of JSON. @param format what the file says of itself, in its first key */
export function jsonFile<Name extends string, T extends object>(
  name: Name,
  path: string,
  format: `concord-${string}`,
  schema: z.ZodType<T>,
  output = path,
): Artifact<Name, T, object> {
  return {
    name,
    path,
    output,
    read: async (folder) => {
      const file = join(folder, path);
      const value = await readJson(file);
      const about = checked(z.looseObject({ format: z.literal(format), version: z.number() }), value, file);
      if (about.version > 1)
        throw new ConcordError("E_VERSION", {
          operation: "read run",
          problem: "the run was made by a newer version",
          expected: "version 1",
          got: `version ${about.version}`,
          path: file,
        });
      return checked(schema, value, file);
    },
    write: async (folder, value) => writeJson(await placeOf(folder, path), { format, version: 1, ...value }),
  };
}

/** A file with a JSON value a line. */
export function jsonLines<Name extends string, T>(
  name: Name,
  path: string,
  schema: z.ZodType<T>,
  output = path,
): Artifact<Name, readonly T[], readonly unknown[]> {
  return {
    name,
    path,
    output,
    read: async (folder) => {
      const file = join(folder, path);
      return (await readJsonLines(file)).map((line, i) => checked(schema, line, `${file}:${i + 1}`));
    },
    write: async (folder, rows) => writeJsonLines(await placeOf(folder, path), rows),
  };
}

/** A file of text. */
export const textFile = <Name extends string>(name: Name, path: string): Artifact<Name, string> => ({
  name,
  path,
  output: path,
  read: async (folder) => {
    const file = join(folder, path);
    return await readFile(file, "utf8").catch((cause: unknown) => {
      throw ioError(cause, "read run", file);
    });
  },
  write: async (folder, text) => writeFileAtomically(await placeOf(folder, path), [new TextEncoder().encode(text)]),
});

/** A folder: read as its path, written by a function that is given it empty. @param check of a folder that is read */
export const subfolder = <Name extends string>(
  name: Name,
  path: string,
  check: (folder: string) => Promise<unknown> = stat,
): Artifact<Name, string, (folder: string) => Promise<unknown>> => ({
  name,
  path,
  output: path,
  read: async (folder) => {
    const inside = join(folder, path);
    await check(inside).catch((cause: unknown) => {
      throw cause instanceof ConcordError ? cause : ioError(cause, "read run", inside);
    });
    return inside;
  },
  write: async (folder, fill) => {
    const inside = join(folder, path);
    await makeFolder(inside);
    await fill(inside);
  },
});

/** What a stage's record keeps of its result besides files: counts, speeds, fitted numbers. */
export interface Facts<T extends object, Name extends string = string> extends AnyArtifact<Name> {
  read(folder: string): Promise<T>;
  /** Those of a record. @throws E_FORMAT */
  of(record: StageRecord): T;
}

/** The facts of a stage, in its record. */
export function factsOf<Stage extends string, T extends object>(
  stage: Stage,
  schema: z.ZodType<T>,
): Facts<T, `${Stage} facts`> {
  const path = stageRecordName(stage);
  return {
    name: `${stage} facts`,
    path,
    output: path,
    read: async (folder) => {
      const file = join(folder, path);
      return checked(z.looseObject({ summary: schema }), await readJson(file), file).summary;
    },
    of: ({ summary }) => checked(schema, summary, path),
  };
}

/** @throws E_FORMAT naming the place of what is not as the schema says */
function checked<T>(schema: z.ZodType<T>, value: unknown, path: string): T {
  const found = schema.safeParse(value);
  if (found.success) return found.data;
  const place = found.error.issues[0]?.path.join(".") ?? "";
  throw new ConcordError("E_FORMAT", {
    operation: "read run",
    problem: "the file does not hold what its stage wrote",
    got: place ? `another kind of value at ${place}` : "another kind of value",
    hint: "delete the file: concord resume creates it again",
    path,
  });
}

/** Where a file is written, in a folder that is there. */
async function placeOf(folder: string, path: string): Promise<string> {
  const place = join(folder, path);
  await makeFolder(dirname(place));
  return place;
}
