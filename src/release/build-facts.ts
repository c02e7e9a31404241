// What ran when a passport was made, beside Concord's own files: the packages that are installed for it, and the revision of a git checkout.
// Versions and npm's integrity are as the installer wrote them; the packages' files are not hashed again.
import { execFile } from "node:child_process";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { digestOf } from "../artifacts/index.ts";
import { canonicalJson } from "../base/index.ts";
import { packageRoot } from "../formats/node/index.ts";
import type { BuildFacts } from "../passport/index.ts";

/** A package as it is installed. */
interface Installed {
  readonly name: string;
  readonly version: string;
  /** npm's digest of its archive; absent where the installer left none. */
  readonly integrity?: string;
}

interface PackageFile {
  readonly name?: string;
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

function jsonIn<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T;
  } catch {
    return undefined; // not installed, or by an installer that keeps none
  }
}

/** Folder of a package as Node finds it from another's folder; undefined where it is not installed. */
function folderOf(name: string, from: string): string | undefined {
  for (let at = from; ; at = dirname(at)) {
    const folder = join(at, "node_modules", name);
    if (existsSync(join(folder, "package.json"))) return realpathSync(folder);
    if (dirname(at) === at) return undefined;
  }
}

/** npm's digests by folder below `node_modules`, from the file that it leaves there. */
function integrities(folder: string): (path: string) => string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const kept = join(at, "node_modules", ".package-lock.json");
    const lock = jsonIn<{ packages?: Record<string, { integrity?: string }> }>(kept);
    if (lock?.packages) return (path) => lock.packages![path.slice(at.length + 1).replace(/\\/g, "/")]?.integrity;
    if (dirname(at) === at) return () => undefined;
  }
}

/** Every package that a package's own dependencies bring, those that may be absent among them, by name and version. */
export function installedPackages(root: string): Installed[] {
  const top = realpathSync(root); // without a separator at its end
  const integrityOf = integrities(top);
  const found = new Map<string, Installed>();
  const walk = (folder: string): void => {
    const about = jsonIn<PackageFile>(join(folder, "package.json"));
    const names = { ...about?.dependencies, ...about?.optionalDependencies, ...about?.peerDependencies };
    for (const name of Object.keys(names)) {
      const at = folderOf(name, folder);
      const own = at === undefined ? undefined : jsonIn<PackageFile>(join(at, "package.json"));
      if (at === undefined || own?.version === undefined || found.has(at)) continue;
      const integrity = integrityOf(at);
      found.set(at, { name: own.name ?? name, version: own.version, ...(integrity !== undefined && { integrity }) });
      walk(at);
    }
  };
  walk(top);
  const spelled = ({ name, version }: Installed) => `${name}@${version}`;
  const each = new Map([...found.values()].map((one) => [spelled(one), one]));
  return [...each].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

const run = promisify(execFile);

/** The commit of the checkout that a folder is the top of, and whether files differ from it; undefined elsewhere, and without git. */
async function revisionOf(root: string): Promise<BuildFacts["source"]> {
  if (!existsSync(join(root, ".git"))) return undefined;
  const git = async (...args: string[]) => (await run("git", ["-C", root, ...args], { timeout: 20_000 })).stdout.trim();
  try {
    const revision = await git("rev-parse", "HEAD");
    return { revision, changed: (await git("status", "--porcelain", "--untracked-files=no")) !== "" };
  } catch {
    return undefined;
  }
}

let facts: Promise<BuildFacts | undefined> | undefined;

/** What ran in this process. Read once. @returns undefined where Concord's files were bundled without its package.json */
export function buildFacts(): Promise<BuildFacts | undefined> {
  facts ??= (async () => {
    const root = packageRoot();
    if (root === undefined) return undefined;
    const packages = installedPackages(root);
    const source = await revisionOf(root);
    return {
      dependencies: {
        packages: packages.length,
        withIntegrity: packages.filter(({ integrity }) => integrity !== undefined).length,
        digest: digestOf(canonicalJson(packages)),
      },
      ...(source && { source }),
    };
  })();
  return facts;
}
