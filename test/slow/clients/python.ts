// The Python that has the clients of tools/install-clients.sh. CONCORD_PEER_PYTHON names another.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const installed = "node_modules/.cache/concord/clients/bin/python";
export const clientsPython: string | undefined =
  process.env.CONCORD_PEER_PYTHON ?? (existsSync(installed) ? installed : undefined);

/** Whether that Python has these modules; false without one. */
export const hasModules = (...names: readonly string[]): boolean =>
  clientsPython !== undefined &&
  spawnSync(clientsPython, ["-c", names.map((name) => `import ${name}`).join("\n")]).status === 0;
