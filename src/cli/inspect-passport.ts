// What concord inspect says of a passport, or of the release that holds it: its facts, unverified.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { say } from "../messages/index.ts";
import { limitText, type Measured, parsePassport, passportType } from "../passport/index.ts";
import { parseEnvelope } from "../store/index.ts";
import { type CommandContext, writeResult } from "./context.ts";
import { table } from "./sizes.ts";

/** The passport's file at a path: itself, or the one in a release folder. */
export const passportAt = (path: string): string | undefined =>
  [path, join(path, "passport.json")].find((file) => /passport[^/\\]*\.json$/.test(file) && existsSync(file));

/** @throws E_FORMAT for what is no passport */
export async function inspectPassport(path: string, context: CommandContext): Promise<void> {
  const { language } = context;
  const envelope = parseEnvelope(await readFile(path), passportType, path);
  const passport = parsePassport(envelope.payload, path);
  const signatures = envelope.signatures.map((s) => s.keyid);
  const { gates, overrides } = passport.policy;
  writeResult(context, { kind: "passport", path: resolve(path), verified: false, signatures, passport }, () =>
    [
      say(language, "inspect.passport", { name: passport.name, made: passport.made.slice(0, 10) }),
      table([
        [say(language, "inspect.task"), passport.task],
        [say(language, "inspect.signatures"), signatures.map((id) => `${id.slice(0, 16)}…`).join(", ")],
        ...gates.map((g): [string, string] => {
          const kind = g.passed ? "passed" : overrides.some((o) => o.value === g.value) ? "overridden" : "failed";
          return [g.value, `${short(g.measured)}  ${limitText(g)}  ${say(language, `release.gate.${kind}`)}`];
        }),
        ...Object.entries(passport.values).map(([name, value]): [string, string] => [name, numberText(value)]),
      ]),
      say(language, "inspect.unverified"),
    ].join("\n"),
  );
}

const short = (x: number): string => String(Number(x.toPrecision(4)));
const numberText = ({ value, low, high }: Measured): string =>
  low === undefined || high === undefined ? short(value) : `${short(value)} [${short(low)}, ${short(high)}]`;
