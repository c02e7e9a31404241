// The bill of materials of a released model: CycloneDX 1.6 with a model card (ECMA-424). Made from a passport alone.

import type { Passport } from "../../passport/index.ts";
import { tasks } from "../../tasks/index.ts";
import { inputFormat } from "../model-inputs.ts";
import { english, knownLimits, overallScores, valuesUnder } from "./facts.ts";

/** The document as JSON text. */
export function mlBom(passport: Passport): string {
  const { name, about, model, digests, versions, made, task } = passport;
  const [purpose, users, misuse] = [about.purpose, about.users, about.misuse].map(english);
  const ref = `model:${digests.model}`;
  const sha = (content: string) => [{ alg: "SHA-256", content }];
  const metric = (type: string, slice: string | undefined, v: { value: number; low?: number; high?: number }) => ({
    type,
    value: String(v.value),
    ...(slice ? { slice } : {}),
    ...(v.low === undefined ? {} : { confidenceInterval: { lowerBound: String(v.low), upperBound: String(v.high) } }),
  });
  const datasets = Object.entries(digests.data).map(([file, content]) => ({
    type: "data",
    "bom-ref": `data:${file}`,
    name: file,
    hashes: sha(content),
  }));
  const library = (key: string, version: string) => ({
    type: "library",
    "bom-ref": `pkg:npm/${key}@${version}`,
    name: key,
    version,
    purl: `pkg:npm/${key}@${version}`,
  });
  const software = Object.entries(versions).filter(([key, version]) => key !== "node" && version !== "absent");
  const component = {
    type: "machine-learning-model",
    "bom-ref": ref,
    name,
    version: made.slice(0, 10),
    ...(purpose ? { description: purpose } : {}),
    hashes: sha(digests.model),
    ...(about.licence ? { licenses: [{ license: { name: about.licence } }] } : {}),
    modelCard: {
      modelParameters: {
        approach: { type: "supervised" },
        task,
        architectureFamily: "transformer",
        modelArchitecture: model.architecture,
        datasets: datasets.map((d) => ({ ref: d["bom-ref"] })),
        inputs: [{ format: inputFormat(model) }],
        outputs: [{ format: tasks.find(({ name }) => name === task)?.numeric ? "number" : "label" }],
      },
      quantitativeAnalysis: {
        performanceMetrics: [
          ...overallScores(passport).map(([key, v]) => metric(key, undefined, v)),
          ...valuesUnder(passport, "metrics.groups").map(([key, v]) =>
            metric(key.slice(key.lastIndexOf(".") + 1), key.slice(0, key.lastIndexOf(".")), v),
          ),
        ],
      },
      considerations: {
        ...(users ? { users: [users] } : {}),
        ...(purpose ? { useCases: [purpose] } : {}),
        technicalLimitations: knownLimits(passport),
        ...(misuse ? { ethicalConsiderations: [{ name: misuse }] } : {}),
        fairnessAssessments: passport.policy.gates
          .filter((g) => g.value.startsWith("fairness."))
          .map((g) => ({
            groupAtRisk: g.value.split(".")[1] ?? g.value,
            harms: `${g.value} is ${g.measured}`,
            mitigationStrategy: g.passed ? "within the policy" : "failed, approved as an exception",
          })),
      },
    },
  };
  const bom = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${uuidOf(digests.model)}`,
    version: 1,
    metadata: {
      timestamp: made,
      tools: { components: [{ type: "application", name: "concord", version: versions.concord ?? "unknown" }] },
      component,
    },
    components: [...datasets, ...software.map(([key, version]) => library(key, version))],
    dependencies: [{ ref, dependsOn: datasets.map((d) => d["bom-ref"]) }],
  };
  return `${JSON.stringify(bom, null, 2)}\n`;
}

/** A UUID of version 8 (RFC 9562) from a digest: the same model has the same number. */
const uuidOf = (digest: string): string =>
  `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-a${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
