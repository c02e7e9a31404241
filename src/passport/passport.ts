// The passport: one record of what a released model is, what made it, and what was measured, as plain data. It is signed as
// canonical JSON; every rendering (model card, ML-BOM, technical file) is made from it alone. Knows no file and no key.
import { ConcordError, canonicalJson } from "../base/index.ts";
import { isJsonRecord, parseJson } from "../formats/index.ts";
import type { GateResult, Override } from "./gates.ts";
import { isMeasured, type Measured } from "./measured.ts";
import type { EpochSelection } from "./selection.ts";
import type { Statement } from "./statement.ts";
import type { StudyRecord } from "./together.ts";

/** The owner's statements about the model; nothing here is measured. */
export interface About {
  /** What it is for. */
  readonly purpose?: Statement;
  /** Who is meant to use it. */
  readonly users?: Statement;
  /** How to use it: what to enter, how to read an answer, when to ask a person. */
  readonly instructions?: Statement;
  /** What it must not be used for. */
  readonly misuse?: Statement;
  /** Who watches it, and how it can be overruled or stopped. */
  readonly oversight?: Statement;
  readonly limits: readonly Statement[];
  /** SPDX name. */
  readonly licence?: string;
  readonly contact?: string;
  /** BCP 47 tags of the texts' languages. */
  readonly languages: readonly string[];
}

/** Version 1. Digests are SHA-256, hex. */
export interface Passport {
  readonly format: "concord-passport";
  readonly version: 1;
  readonly name: string;
  readonly task: string;
  /** ISO 8601, UTC. */
  readonly made: string;
  readonly about: About;
  readonly model: {
    readonly architecture: string;
    readonly parameters: number;
    /** Of texts: longest input in tokens. */
    readonly maxLength?: number;
    /** Of images: pixels of one side. */
    readonly imageSide?: number;
    /** Of other kinds of data: what the inputs are, for machines and for readers: "series of 16 numbers". */
    readonly inputs?: { readonly format: string; readonly en: string; readonly zh: string };
    readonly labels: readonly string[];
    /** Name of the pretrained model's folder; absent for one made anew. */
    readonly from?: string;
    readonly method: string;
    /** Kind of rule that answers go through (decisions.json); absent where the highest score answers. */
    readonly decisions?: string;
  };
  /** Of a release with a compressed model beside the model: what was done to it, as its compression.json says. */
  readonly compression?: {
    /** Steps in their order, with their settings. */
    readonly steps: readonly { readonly step: string; readonly settings: Readonly<Record<string, unknown>> }[];
    /** Weights, in bytes. */
    readonly size: { readonly before: number; readonly after: number };
    /** Of calibration on validation rows, after compressing. */
    readonly temperature?: number;
    /** Whether the file's logits are divided by it. */
    readonly temperatureApplied: boolean;
    /** Name of the ONNX file; absent where the weights are model.safetensors. */
    readonly onnx?: string;
  };
  readonly digests: {
    /** Over all files of the folder model, README.md left out (it is rendered from this record). */
    readonly model: string;
    readonly files: Readonly<Record<string, string>>;
    readonly recipe: string;
    /** Of data/train.jsonl … and data-report.json. */
    readonly data: Readonly<Record<string, string>>;
    /** Of the files that the values were read from. */
    readonly evidence: Readonly<Record<string, string>>;
    /** Of Concord's own code, all files together. */
    readonly code: string;
  };
  /** YAML, every default written out. */
  readonly recipe: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly machine: string;
  /** What ran beside Concord's own code. Passports made before 2026-12-01 do not have it. */
  readonly build?: BuildFacts;
  readonly rows: Readonly<Record<string, number>>;
  /** Of a model whose epoch was chosen by validation scores. */
  readonly selection?: EpochSelection;
  /** What gates may ask for. */
  readonly values: Readonly<Record<string, Measured>>;
  /** Stages with the hash of everything that determined each. */
  readonly stages: readonly { readonly stage: string; readonly key: string }[];
  /** Guarantees and their absence, as the audit of privacy states them; null where training was not private. */
  readonly privacy: Readonly<Record<string, unknown>> | null;
  /** Of a model that several organisations made together. */
  readonly together?: StudyRecord;
  readonly policy: {
    /** Of the policy file. */
    readonly digest: string;
    readonly gates: readonly GateResult[];
    readonly overrides: readonly Override[];
    /** Signers that the policy trusts, by key. Passports made before 2026-11-30 do not have them. */
    readonly signers?: readonly { readonly role: string; readonly name: string; readonly keyid: string }[];
  };
}

/** Packages that were installed when the passport was made, and the source of Concord where it was a git checkout. */
export interface BuildFacts {
  readonly dependencies: {
    /** How many, and of how many the installer kept npm's digest of the archive. */
    readonly packages: number;
    readonly withIntegrity: number;
    /** SHA-256 of their names, versions and digests. */
    readonly digest: string;
  };
  /** Commit, and whether files differed from it. */
  readonly source?: { readonly revision: string; readonly changed: boolean };
}

/** The media type under which a passport is signed. */
export const passportType = "application/vnd.concord.passport+json";

/**
 * Reads the payload of a passport's envelope. Its bytes have to be its canonical form, so that names in another order, white space
 * or a repeated name are refused.
 * @throws E_FORMAT, E_VERSION
 */
export function parsePassport(payload: Uint8Array, path: string): Passport {
  const fault = (problem: string, expected: string, got?: string, code: "E_FORMAT" | "E_VERSION" = "E_FORMAT") =>
    new ConcordError(code, { operation: "read passport", problem, expected, got, path });
  const value = parseJson(payload, path);
  if (!isJsonRecord(value) || value.format !== "concord-passport")
    throw fault("not a passport", '"format": "concord-passport"', JSON.stringify(value).slice(0, 60));
  if (value.version !== 1)
    throw fault("the passport is of a newer version", "version 1", String(value.version), "E_VERSION");
  if (canonicalJson(value) !== new TextDecoder().decode(payload))
    throw fault(
      "its JSON is not in canonical form",
      "names in order, no white space (RFC 8785)",
      "another spelling of the same facts",
    );
  const missing = required.find(([name, fits]) => !fits(value[name]));
  if (missing) throw fault(`the entry ${missing[0]} is missing or wrong`, required.map(([name]) => name).join(", "));
  const bad = Object.entries(value.values as object).find(([, v]) => !isMeasured(v));
  if (bad) throw fault(`the value ${bad[0]} is no measured number`, "{ value, low?, high? }", JSON.stringify(bad[1]));
  return value as unknown as Passport; // checked entry by entry above and below
}

const text = (v: unknown) => typeof v === "string";
const record = (v: unknown): v is Record<string, unknown> => typeof v === "object" && v !== null && !Array.isArray(v);
const textMap = (v: unknown) => record(v) && Object.values(v).every(text);

/** Every entry that renderings and verification read. */
const required: readonly (readonly [string, (v: unknown) => boolean])[] = [
  ["name", text],
  ["task", text],
  ["made", (v) => text(v) && !Number.isNaN(Date.parse(v as string))],
  ["about", (v) => record(v) && Array.isArray(v.limits) && Array.isArray(v.languages)],
  ["model", (v) => record(v) && text(v.architecture) && typeof v.parameters === "number" && Array.isArray(v.labels)],
  [
    "digests",
    (v) =>
      record(v) &&
      text(v.model) &&
      text(v.recipe) &&
      text(v.code) &&
      textMap(v.files) &&
      textMap(v.data) &&
      textMap(v.evidence),
  ],
  [
    "compression",
    (v) =>
      v === undefined ||
      (record(v) && Array.isArray(v.steps) && record(v.size) && typeof v.temperatureApplied === "boolean"),
  ],
  ["recipe", text],
  ["versions", textMap],
  [
    "build",
    (v) =>
      v === undefined ||
      (record(v) &&
        record(v.dependencies) &&
        text(v.dependencies.digest) &&
        typeof v.dependencies.packages === "number" &&
        typeof v.dependencies.withIntegrity === "number" &&
        (v.source === undefined ||
          (record(v.source) && text(v.source.revision) && typeof v.source.changed === "boolean"))),
  ],
  ["rows", record],
  ["values", record],
  ["stages", Array.isArray],
  ["privacy", (v) => v === null || record(v)],
  [
    "together",
    (v) =>
      v === undefined || (record(v) && Array.isArray(v.members) && Array.isArray(v.rounds) && record(v.transcripts)),
  ],
  ["policy", (v) => record(v) && text(v.digest) && Array.isArray(v.gates) && Array.isArray(v.overrides)],
];
