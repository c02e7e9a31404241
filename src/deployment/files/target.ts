// What a deployment is made of: files by their names, and what must be known to write them. Pure: opens no file.

/** Kinds of deployments. */
export const deployTargets = ["docker", "compose", "kubernetes", "systemd", "triton"] as const;
export type DeployTarget = (typeof deployTargets)[number];

/** What is deployed. */
export interface Deployment {
  /** Of the service: lower-case letters, digits and -. */
  readonly name: string;
  /** Version of the package that serves. */
  readonly packageVersion: string;
  /** Where the server listens. */
  readonly port: number;
  /** Processes that answer. */
  readonly replicas: number;
  /** Threads of each. */
  readonly threads: number;
  /** Bytes of the model's files. */
  readonly modelBytes: number;
  /** A policy lies beside the release; without one it is served unsigned. */
  readonly verified: boolean;
}

/** Files by their path in the deployment's folder. */
export type DeploymentFiles = Readonly<Record<string, string>>;

/** Arguments of `concord serve` in a folder that holds `release` and `policy`. @param host that it listens on */
export const serveArguments = ({ name, port, threads, verified }: Deployment, host: string): string[] => [
  "serve",
  `${name}=release`,
  ...(verified ? ["--policy", "policy/policy.yaml"] : ["--unsigned"]),
  "--host",
  host,
  "--port",
  String(port),
  "--threads",
  String(threads),
];

/** package.json of a folder where the package is installed. */
export const packageFile = ({ name, packageVersion }: Pick<Deployment, "name" | "packageVersion">): string =>
  `${JSON.stringify({ name, private: true, type: "module", dependencies: { "@concord-ai/concord": packageVersion } }, null, 2)}\n`;

/** Memory of a replica in MiB: the runtime and Node, the weights twice (file and packed copies), a margin of a quarter; whole 64 MiB. */
export const memoryMiB = ({ modelBytes }: Deployment): number =>
  64 * Math.ceil((1.25 * (220 + (2 * modelBytes) / 2 ** 20)) / 64);

/** A name that services may have, from any name. @param otherwise where nothing of it may stay @example serviceName("Skin diseases", "model") // "skin-diseases" */
export const serviceName = (name: string, otherwise: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "")
    .slice(0, 50)
    .replace(/-+$/, "") || otherwise;
