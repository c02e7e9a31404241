// How a release was made, as an in-toto Statement with SLSA's provenance predicate (v1), signed by the releasing key in a Sigstore bundle. It is
// made of the passport alone and compared when verifying. SLSA build level 1: whoever builds states it; no separate builder vouches for it.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ConcordError } from "../base/index.ts";
import type { JsonRecord } from "../formats/index.ts";
import { writeFileAtomically } from "../formats/node/index.ts";
import type { Passport } from "../passport/index.ts";
import { type SigningHandle, signStatement, verifyStatement } from "../store/index.ts";
import { provenanceName } from "./names.ts";
import type { TrustedSigner } from "./policy-file.ts";

const sha256 = (digest: string) => ({ sha256: digest });
/** A thing that went into the build. */
const material = (name: string, digest: Readonly<Record<string, string>>, also: JsonRecord = {}) => ({
  name,
  digest,
  ...also,
});

/** `buildType`: what externalParameters and resolvedDependencies mean stands in docs/releases.md. */
export const buildType = "urn:concord:release:v1";

/**
 * The statement of a passport.
 * Subjects are the released files; external parameters the recipe and the policy; resolved dependencies the data, Concord's code, the
 * packages that are installed for it, and the git revision where there was a checkout.
 * @see https://slsa.dev/spec/v1.0/provenance
 */
export function provenanceOf({ digests, policy, versions, machine, made, build, stages, model }: Passport): JsonRecord {
  const own = `pkg:npm/%40concord-ai/concord@${versions.concord ?? "unknown"}`;
  const statement = {
    _type: "https://in-toto.io/Statement/v1",
    subject: Object.entries(digests.files).map(([name, digest]) => ({ name, digest: sha256(digest) })),
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: {
        buildType,
        externalParameters: {
          recipe: { digest: sha256(digests.recipe) },
          policy: { digest: sha256(policy.digest) },
          // its weights are in the key of the stage adapt, below
          ...(model.from !== undefined && { pretrained: model.from }),
        },
        internalParameters: { stages, versions, machine },
        resolvedDependencies: [
          ...Object.entries(digests.data).map(([name, digest]) => material(name, sha256(digest))),
          material("concord code", sha256(digests.code), { uri: own }),
          ...(build
            ? [
                material("installed packages", sha256(build.dependencies.digest), {
                  annotations: {
                    packages: build.dependencies.packages,
                    withIntegrity: build.dependencies.withIntegrity,
                  },
                }),
              ]
            : []),
          ...(build?.source
            ? [
                material(
                  "concord source",
                  { gitCommit: build.source.revision },
                  {
                    annotations: { changed: build.source.changed },
                  },
                ),
              ]
            : []),
        ],
      },
      runDetails: {
        builder: { id: "urn:concord:release", version: { concord: versions.concord ?? "unknown" } },
        metadata: { finishedOn: made },
      },
    },
  };
  return JSON.parse(JSON.stringify(statement));
}

/** @param key P-256 of the releasing signer, which signs the weights too */
export async function writeProvenance(folder: string, passport: Passport, key: SigningHandle): Promise<void> {
  if (!passport.build) return;
  const text = signStatement(provenanceOf(passport), key);
  await writeFileAtomically(join(folder, provenanceName), [new TextEncoder().encode(text)]);
}

/**
 * The provenance is that of the passport, signed by one of its signers. Passports made before 2026-12-01 have none.
 * @throws E_CHECKSUM where it is missing, added or says something else; E_SIGNATURE, E_FORMAT
 */
export async function checkProvenance(
  folder: string,
  passport: Passport,
  signers: readonly TrustedSigner[],
): Promise<void> {
  const path = join(folder, provenanceName);
  const there = existsSync(path);
  const fault = (problem: string) => new ConcordError("E_CHECKSUM", { operation: "verify", problem, path });
  if (!passport.build) {
    if (there) throw fault(`${provenanceName} is not in the record`);
    return;
  }
  if (!there) throw fault(`${provenanceName} is missing`);
  const bytes = await readFile(path);
  const keys = signers.map(({ modelKey }) => modelKey);
  const statement = verifyStatement(bytes, keys, path);
  if (JSON.stringify(statement) !== JSON.stringify(provenanceOf(passport)))
    throw fault(`${provenanceName} has changed`);
}
