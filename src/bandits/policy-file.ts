// A learned policy as a JSON file, checked when it is read. Knows no folder.
import { ConcordError } from "../base/index.ts";
import type { DecisionReader } from "./decisions.ts";
import { type LearnedPolicy, policyKinds } from "./policy.ts";

/** A policy and how its contexts are read. */
export interface PolicyFile {
  readonly policy: LearnedPolicy;
  readonly reader: DecisionReader;
}

const format = "concord-bandit";

/** The file's text. */
export const policyFile = ({ policy, reader }: PolicyFile): string =>
  `${JSON.stringify({ format, version: 1, reader, policy }, (_, value) => (value instanceof Float64Array ? [...value] : value))}\n`;

/** @throws E_FORMAT for a file that is no policy, E_VERSION for a newer one */
export function readPolicyFile(text: string, path: string): PolicyFile {
  const bad = (problem: string, got: string) =>
    new ConcordError("E_FORMAT", {
      operation: "read policy",
      problem,
      expected: "a file of concord bandit learn",
      got,
      path,
    });
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    throw bad("the file is no JSON", text.slice(0, 40));
  }
  const file = recordIn(read);
  if (file?.format !== format) throw bad("the file is no policy", String(file?.format));
  if (file.version !== 1)
    throw new ConcordError("E_VERSION", {
      operation: "read policy",
      problem: "written by a newer version",
      got: String(file.version),
      path,
    });
  const [policy, reader] = [recordIn(file.policy), recordIn(file.reader)];
  const options = recordIn(policy?.options);
  const kind = policyKinds.find((one) => one === options?.kind);
  const models = listIn(policy?.models)?.map(recordIn);
  const actions = listIn(reader?.actions);
  if (!options || !kind || !models || !actions || !listIn(reader?.columns) || models.length !== actions.length)
    throw bad("parts of the policy are missing", Object.keys(policy ?? {}).join(", "));
  const numbers = (value: unknown): Float64Array => {
    const list = listIn(value);
    if (list?.every((x) => typeof x === "number" && Number.isFinite(x))) return Float64Array.from(list as number[]);
    throw bad("a list of numbers is broken", JSON.stringify(value)?.slice(0, 40) ?? "nothing");
  };
  const network = recordIn(policy?.network);
  return {
    reader: reader as unknown as DecisionReader,
    policy: {
      options: options as unknown as LearnedPolicy["options"],
      models: models.map((model) => ({ factor: numbers(model?.factor), theta: numbers(model?.theta) })),
      ...(network && {
        network: { width: Number(network.width), hidden: numbers(network.hidden), out: numbers(network.out) },
      }),
    },
  };
}

const recordIn = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
const listIn = (value: unknown): readonly unknown[] | undefined => (Array.isArray(value) ? value : undefined);
