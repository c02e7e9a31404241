// A finished run's model as one public folder, for pages: what answers and nothing of the data, under a manifest of hashes.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { ConcordError } from "../base/index.ts";
import { parseWebManifest, type WebManifest, webManifestBytes, webManifestName } from "../deployment/index.ts";
import { isJsonRecord, modelFiles, parseJson } from "../formats/index.ts";
import { fileDigest, ioError, makeFolder, readWholeFile, writeFileAtomically } from "../formats/node/index.ts";
import { decisionsFile, headAnswers, isCalibratedBySoftmax, type StoredWeights } from "../predict/index.ts";
import type { ExportedFile } from "../stages/index.ts";
import { type ExportedModel, openForExport, sidecars, writeOnnx } from "./export-model.ts";

/** A public folder. */
export interface WebExport {
  readonly folder: string;
  readonly files: readonly ExportedFile[];
  /** `sha256-…` of manifest.json: a page that names it accepts no other files. */
  readonly integrity: string;
}

/**
 * Writes a run's model as a folder that a page opens with `pipeline` of `@concord-ai/concord/web`: the ONNX model, its configuration, its
 * tokenizer or image processor, its decisions, and manifest.json with the SHA-256 of each. No row, score or path goes along; labels and the
 * tokenizer's vocabulary do, and a vocabulary that was learned from rows holds words of them. An earlier web export is replaced whole.
 * @param stored `int8` stores the matrices of products in 8 bits: about a quarter of the size
 * @param out default `web` in the run folder
 * @throws E_IO when the run has no model, or the folder holds something else; E_MODEL; E_LOWER for a model above 2 GiB
 * @example const { integrity } = await exportWeb("runs/tickets", "float32", "site/public/model");
 */
export async function exportWeb(run: string, stored: StoredWeights, out = join(run, "web")): Promise<WebExport> {
  const folder = resolve(out);
  const opened = await openForExport(run);
  if (!headAnswers(opened.model.task))
    throw new ConcordError("E_MODEL", {
      operation: "export",
      problem: `a model for ${opened.model.task} predicts nothing about an input`,
      expected: "a model that was adapted to a task",
      path: run,
    });
  await checkReplaceable(folder);
  await makeFolder(dirname(folder));
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  try {
    await makeFolder(partial);
    await checkWhole(await writeOnnx(partial, opened, stored));
    await writeSidecars(partial, opened);
    const { manifest, files } = await described(partial, folder, opened);
    const bytes = webManifestBytes(manifest);
    parseWebManifest(bytes, join(folder, webManifestName)); // what is written is what pages accept
    await writeFileAtomically(join(partial, webManifestName), [bytes]);
    await replace(folder, partial);
    const integrity = `sha256-${createHash("sha256").update(bytes).digest("base64")}`;
    return { folder, files: [...files, { path: join(folder, webManifestName), bytes: bytes.length }], integrity };
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** @throws E_LOWER for a model whose weights need several files: browsers cannot hold it */
async function checkWhole(files: readonly ExportedFile[]): Promise<void> {
  if (files.length === 1) return;
  throw new ConcordError("E_LOWER", {
    operation: "export",
    problem: "the model is too large for a page: browsers cannot load more than 2 GiB",
    hint: "use --to web-int8, or adapt a smaller model",
  });
}

/** @throws E_IO where a folder holds something that is no web export */
async function checkReplaceable(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const names = await readdir(folder).catch((cause: unknown) => {
    throw ioError(cause, "export", folder);
  });
  if (names.length === 0) return;
  const path = join(folder, webManifestName);
  const isExport = await readFile(path).then(
    (bytes) => parseWebManifest(bytes, path) !== undefined,
    () => false,
  );
  if (isExport) return;
  throw new ConcordError("E_IO", {
    operation: "export",
    problem: "the folder holds something else",
    expected: "a new or empty folder, or an earlier web export",
    got: names.slice(0, 4).join(", "),
    hint: "name a folder of its own: --out public/model",
    path: folder,
  });
}

/** Entries that may name a place on the machine that trained. */
const placeEntries = ["_name_or_path", "name_or_path"];

/** Configuration, tokenizer or image processor, and decisions: what a page reads of them, without what was measured of groups. */
async function writeSidecars(folder: string, { from, rule }: ExportedModel): Promise<void> {
  for (const name of sidecars) {
    const path = join(from, name);
    if (!existsSync(path)) continue;
    const bytes = await readWholeFile(path, 2 ** 28); // tokenizers of many languages
    const value = name === modelFiles.tokenizer ? undefined : parseJson(bytes, path);
    const kept = isJsonRecord(value)
      ? jsonBytes(Object.fromEntries(Object.entries(value).filter(([key]) => !placeEntries.includes(key))))
      : bytes;
    await writeFileAtomically(join(folder, name), [kept]);
  }
  if (rule) await writeFileAtomically(join(folder, decisionsFile), [jsonBytes({ ...rule, fitted: {} })]);
}

const jsonBytes = (value: object): Uint8Array => new TextEncoder().encode(`${JSON.stringify(value)}\n`);

/** The manifest of a folder's files. @param folder where they will lie */
async function described(partial: string, folder: string, { model, rule, temperature }: ExportedModel) {
  const files: Record<string, WebManifest["files"][string]> = {};
  const names = (await readdir(partial, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(partial.length + 1));
  for (const name of names.sort()) {
    const path = join(partial, name);
    files[name.replaceAll("\\", "/")] = { bytes: (await stat(path)).size, sha256: await fileDigest(path) };
  }
  const calibration =
    temperature !== undefined && isCalibratedBySoftmax(model.task)
      ? { temperature, applied: rule === undefined }
      : undefined;
  const manifest: WebManifest = { format: "concord-web", version: 1, ...(calibration && { calibration }), files };
  const listed = Object.entries(files).map(([name, { bytes }]) => ({ path: join(folder, name), bytes }));
  return { manifest, files: listed };
}

/** Puts the new folder in the place of an earlier one. */
async function replace(folder: string, partial: string): Promise<void> {
  const old = `${folder}.old`;
  const moved = async (from: string, to: string) =>
    await rename(from, to).catch((cause: unknown) => {
      throw ioError(cause, "export", to);
    });
  await rm(old, { recursive: true, force: true });
  if (existsSync(folder)) await moved(folder, old);
  await moved(partial, folder);
  await rm(old, { recursive: true, force: true });
}
