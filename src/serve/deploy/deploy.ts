// A release as a folder that another system runs: the release, its policy, and the files that the system reads. Verified before it is written.
import { existsSync } from "node:fs";
import { copyFile, cp } from "node:fs/promises";
import { dirname, isAbsolute, join, normalize, resolve } from "node:path";
import { ConcordError } from "../../base/index.ts";
import {
  composeFiles,
  type Deployment,
  type DeploymentFiles,
  type DeployTarget,
  deployTargets,
  dockerFiles,
  kubernetesFiles,
  serviceName,
  systemdFiles,
  tritonFiles,
} from "../../deployment/index.ts";
import { checkNew, ioError, makeFolder, makeNewFolder, writeTexts } from "../../formats/node/index.ts";
import { readPolicy } from "../../release/index.ts";
import { versions } from "../../stages/index.ts";
import { folderDigests } from "../../store/index.ts";
import { admit } from "../model/door.ts";
import { type ModelSource, readSource } from "../model/source.ts";
import { deployReadme } from "./readme.ts";
import { tritonModel } from "./triton-model.ts";

export interface DeployOptions {
  readonly to: DeployTarget;
  /** Folder that is made. Default `deploy` in the working folder. */
  readonly out?: string;
  /** Of the release; it is copied along. Default `policy.yaml` of the working folder, where there is one. */
  readonly policy?: string;
  /** Deploys what has no valid passport. Default false. */
  readonly unsigned?: boolean;
  /** Name of the service. Default the model's. */
  readonly name?: string;
  /** Default 8080. */
  readonly port?: number;
  /** Default 3; 1 for docker and systemd. */
  readonly replicas?: number;
  /** Threads of each replica. Default 2. */
  readonly threads?: number;
  /** systemd: path of Node on the machine that serves. Default `/usr/bin/node`. */
  readonly node?: string;
  readonly language?: "en" | "zh";
}

/** What was written. */
export interface Deployed {
  readonly folder: string;
  readonly files: readonly string[];
}

/**
 * Writes a deployment; all of it or nothing.
 * @throws E_ARGUMENT for another target and a name that services cannot have; E_IO where the folder is there already; as verifying the release
 * @example const { files } = await deployRelease("runs/disease/release", { to: "compose", policy: "policy.yaml", out: "deploy" });
 */
export async function deployRelease(path: string, options: DeployOptions): Promise<Deployed> {
  const folder = resolve(options.out ?? "deploy");
  checkNew(folder, "deploy");
  const source = await readSource(path);
  const policy = options.policy ?? (existsSync("policy.yaml") ? "policy.yaml" : undefined);
  const { door } = await admit(source, { policy, unsigned: options.unsigned });
  const deployment = await deploymentOf(source, options, door.state === "verified");
  const { files, onnx } = await filesOf(source, deployment, options);
  await makeNewFolder(folder, "deploy", async (partial) => {
    await writeTexts(partial, {
      ...files,
      "README.md": deployReadme(options.to, deployment, options.language ?? "en"),
    });
    if (onnx) return await copied(onnx.from, join(partial, onnx.to));
    await cp(source.path, join(partial, "release"), { recursive: true });
    if (deployment.verified) await copyPolicy(policy!, join(partial, "policy"));
  });
  const written = (await folderDigests(folder)).map(({ name }) => name);
  return { folder, files: written.filter((name) => !/^(release|policy)\//.test(name)) };
}

/** The policy, with the files of its signers and the log where it names them. @throws E_CONFIG for what lies outside of its folder */
async function copyPolicy(policy: string, folder: string): Promise<void> {
  const { signerFiles, log } = await readPolicy(policy);
  const outside = [...signerFiles, ...(log ? [log.path] : [])].find(
    (file) => isAbsolute(file) || normalize(file).startsWith(".."),
  );
  if (outside !== undefined)
    throw new ConcordError("E_CONFIG", {
      operation: "deploy",
      problem: "a signer's file or the log lies outside of the policy's folder, so it cannot be copied along",
      expected: "signers' files and the log in the folder of the policy, or below it",
      got: outside,
      path: policy,
    });
  await copied(policy, join(folder, "policy.yaml"));
  if (log) await cp(log.folder, join(folder, log.path), { recursive: true });
  for (const file of signerFiles) await copied(join(dirname(policy), file), join(folder, file));
}

async function copied(from: string, to: string): Promise<void> {
  await makeFolder(dirname(to));
  await copyFile(from, to).catch((cause: unknown) => {
    throw ioError(cause, "deploy", from);
  });
}

async function deploymentOf(source: ModelSource, options: DeployOptions, verified: boolean): Promise<Deployment> {
  const { to, port = 8080, threads = 2 } = options;
  const name = options.name ?? serviceName(source.name, "concord-model");
  if (!/^[a-z]([a-z0-9-]{0,48}[a-z0-9])?$/.test(name))
    throw new ConcordError("E_ARGUMENT", {
      operation: "deploy",
      problem: "a service cannot have this name",
      expected: "1 to 50 lower-case letters, digits and -, a letter first",
      got: name,
      path: "--name",
    });
  const single = to === "docker" || to === "systemd";
  const files = await folderDigests(source.folder);
  return {
    name,
    packageVersion: versions().concord!,
    port,
    threads,
    replicas: options.replicas ?? (single ? 1 : 3),
    modelBytes: files.reduce((total, { bytes }) => total + bytes, 0),
    verified,
  };
}

async function filesOf(
  source: ModelSource,
  deployment: Deployment,
  { to, node }: DeployOptions,
): Promise<{ files: DeploymentFiles; onnx?: { from: string; to: string } }> {
  switch (to) {
    case "docker":
      return { files: dockerFiles(deployment) };
    case "compose":
      return { files: composeFiles(deployment) };
    case "kubernetes":
      return { files: kubernetesFiles(deployment) };
    case "systemd":
      return { files: systemdFiles(deployment, node) };
    case "triton": {
      const { model, file } = await tritonModel(source, deployment.name);
      return { files: tritonFiles(model), onnx: { from: file, to: `${model.name}/1/model.onnx` } };
    }
    default:
      throw new ConcordError("E_ARGUMENT", {
        operation: "deploy",
        problem: "there is no such target",
        expected: deployTargets.join(", "),
        got: String(to),
        path: "--to",
      });
  }
}
