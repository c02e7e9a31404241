// Locks of the example pages hold what the package needs now: they are installed from their locks, so a new dependency would be absent there.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const jsonOf = (path: string) => JSON.parse(readFileSync(path, "utf8"));

test.each(["vite", "next"])("the lock of examples/%s has the package's dependencies, each with an entry", (name) => {
  const { dependencies, optionalDependencies, bin } = jsonOf("package.json");
  const { packages } = jsonOf(`examples/${name}/package-lock.json`);
  expect(packages["node_modules/@concord-ai/concord"]).toMatchObject({
    dependencies,
    optionalDependencies,
    bin: { concord: bin.concord.replace("./", "") },
  });
  expect(Object.keys(dependencies).filter((one) => packages[`node_modules/${one}`] === undefined)).toEqual([]);
});
