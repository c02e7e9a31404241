// The package's own software bill of materials, dist/sbom.cdx.json: what npm installs for a user, from the lock file. Made with the build: this repository runs no scripts when it packs.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const path = "dist/sbom.cdx.json";

export interface SbomComponent {
  readonly name: string;
  readonly version: string;
  readonly purl?: string;
  readonly hashes?: readonly unknown[];
}

export interface Sbom {
  readonly specVersion: string;
  readonly metadata: { readonly component: SbomComponent };
  readonly components: readonly SbomComponent[];
}

/**
 * CycloneDX 1.6 of the packages that users get. `npm sbom --omit dev` (npm 11.19) leaves out packages that development needs too, zod among them, so it
 * reads a lock file without what only development needs. It writes 1.5, whose entries are all in 1.6.
 * @throws Error where npm cannot read the lock file
 */
export function packageSbom(): Sbom {
  const folder = mkdtempSync(join(tmpdir(), "concord-sbom-"));
  try {
    const { devDependencies: _, ...own } = json("package.json");
    const lock = json("package-lock.json");
    const packages = Object.entries(lock.packages as Record<string, Record<string, unknown>>)
      .filter(([, { dev }]) => dev !== true)
      .map(([path, { devDependencies: _, ...locked }]) => [path, locked] as const);
    writeFileSync(join(folder, "package.json"), JSON.stringify(own));
    writeFileSync(
      join(folder, "package-lock.json"),
      JSON.stringify({ ...lock, packages: Object.fromEntries(packages) }),
    );
    const args = ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"];
    const made = JSON.parse(execFileSync("npm", args, { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 26 })) as Sbom;
    const component = { ...made.metadata.component, name: String(own.name) }; // npm names it by its folder
    const schema = { $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json", specVersion: "1.6" };
    return { ...made, ...schema, metadata: { ...made.metadata, component } };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const json = (name: string): Record<string, unknown> => JSON.parse(readFileSync(root + name, "utf8"));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(`${root}dist`, { recursive: true });
  writeFileSync(root + path, `${JSON.stringify(packageSbom(), null, 2)}\n`);
}
