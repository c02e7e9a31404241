// manifest.json of a web export: every file with its size and SHA-256. It comes from a server that nobody vouches for. Opens no file.
import { ConcordError, unknownName } from "../base/index.ts";
import { isJsonRecord, type JsonValue, modelFiles, parseJson } from "../formats/index.ts";
import { decisionsFile } from "../predict/index.ts";

export const webManifestName = "manifest.json";

/** Files that a web export may have; one of the models has to be there. */
export const webModels = ["onnx/model.onnx", "onnx/model_quantized.onnx"] as const;
export const webFiles = [
  modelFiles.config,
  modelFiles.tokenizer,
  modelFiles.tokenizerConfig,
  modelFiles.processor,
  decisionsFile,
] as const;

/** A file of a web export. */
export interface WebFile {
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** What a web export says of itself. */
export interface WebManifest {
  readonly format: "concord-web";
  readonly version: 1;
  /** Absent where the run was not evaluated, or its task has no temperature. */
  readonly calibration?: {
    readonly temperature: number;
    /** True where the model file's logits have been divided by it; false where answers have to be, after decisions.json was applied. */
    readonly applied: boolean;
  };
  /** By name: `config.json`, `onnx/model.onnx` … */
  readonly files: Readonly<Record<string, WebFile>>;
}

/** Bytes of a manifest; the same for the same files. */
export function webManifestBytes({ files, ...manifest }: WebManifest): Uint8Array {
  const sorted = Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
  return new TextEncoder().encode(`${JSON.stringify({ ...manifest, files: sorted }, null, 2)}\n`);
}

/** Largest file: what one array of a browser holds. */
const maxBytes = 2 ** 31;

/**
 * Reads a manifest.
 * @param path what errors call it
 * @throws E_FORMAT for what is no manifest, or names a file that web exports do not have; E_VERSION for a newer one
 */
export function parseWebManifest(bytes: Uint8Array, path: string): WebManifest {
  const fault = (problem: string, expected?: string, got?: string) =>
    new ConcordError("E_FORMAT", { operation: "open web export", problem, expected, got, path });
  const value = parseJson(bytes, path, { maxBytes: 2 ** 16, maxDepth: 4 });
  if (!isJsonRecord(value) || value.format !== "concord-web")
    throw fault("not the manifest of a web export", "format concord-web, as concord export --to web writes it");
  if (value.version !== 1)
    throw new ConcordError("E_VERSION", {
      operation: "open web export",
      problem: "made by a newer version",
      expected: "version 1",
      got: `version ${JSON.stringify(value.version)}`,
      path,
    });
  const given = isJsonRecord(value.files) ? value.files : {};
  const names = [...webFiles, ...webModels];
  const files: Record<string, WebFile> = {};
  for (const [name, file] of Object.entries(given)) {
    if (!names.some((known) => known === name)) {
      const facts = { operation: "open web export", problem: "the manifest names a file that it must not", path };
      throw unknownName("E_FORMAT", facts, name, names);
    }
    files[name] = fileOf(file) ?? refuse(fault("a file without size and SHA-256", "{ bytes, sha256 }", name));
  }
  const models = webModels.filter((name) => files[name]);
  if (!files[modelFiles.config] || models.length !== 1)
    throw fault(
      "the files of one model are not all named",
      `${modelFiles.config} and one of ${webModels.join(", ")}`,
      Object.keys(files).join(", "),
    );
  const calibration = calibrationOf(value.calibration);
  if (value.calibration !== undefined && !calibration)
    throw fault("calibration is not whole", "{ temperature, applied }", JSON.stringify(value.calibration));
  return { format: "concord-web", version: 1, ...(calibration && { calibration }), files };
}

const refuse = (error: ConcordError): never => {
  throw error;
};

function fileOf(value: JsonValue): WebFile | undefined {
  if (!isJsonRecord(value)) return undefined;
  const { bytes, sha256 } = value;
  const isSize = typeof bytes === "number" && Number.isInteger(bytes) && bytes >= 0 && bytes <= maxBytes;
  return isSize && typeof sha256 === "string" && /^[0-9a-f]{64}$/.test(sha256) ? { bytes, sha256 } : undefined;
}

function calibrationOf(value: JsonValue | undefined): WebManifest["calibration"] {
  if (!isJsonRecord(value)) return undefined;
  const { temperature, applied } = value;
  const isTemperature = typeof temperature === "number" && temperature > 0 && Number.isFinite(temperature);
  return isTemperature && typeof applied === "boolean" ? { temperature, applied } : undefined;
}
