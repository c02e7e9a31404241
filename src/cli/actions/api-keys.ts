// concord api-keys: adds, lists and removes keys of a server's clients. A running server reads its file when it starts.
import { nearestName, visible } from "../../base/index.ts";
import { inWords } from "../../messages/index.ts";
import { addKey, type Grant, grants, readKeys, removeKey } from "../../serve/index.ts";
import { argumentError, type CommandContext, writeResult } from "../context.ts";
import { table } from "../sizes.ts";

const texts = {
  once: {
    en: "{name}: this key is shown once; the file has only its digest",
    zh: "{name}：该密钥仅显示一次；文件中只有其摘要",
  },
  removed: { en: "{name}: key removed; restart the server", zh: "{name}：密钥已删除；请重启服务器" },
  never: { en: "does not expire", zh: "不过期" },
} as const;

export interface AddKeyOptions {
  readonly role?: readonly string[];
  readonly perMinute?: number;
  readonly days?: number;
}

export async function add(file: string, name: string, options: AddKeyOptions, context: CommandContext): Promise<void> {
  const { role = ["predict"], perMinute, days } = options;
  const whole = (option: string, value: number | undefined) => {
    if (value !== undefined && !(Number.isInteger(value) && value >= 1))
      throw argumentError(option, { problem: "not a count", expected: "1, 2, …", got: String(value) });
  };
  whole("--per-minute", perMinute);
  whole("--days", days);
  const now = new Date();
  const expires = days === undefined ? undefined : new Date(now.getTime() + days * 86_400_000).toISOString();
  const key = await addKey(file, { name, roles: role.map(granted), expires, perMinute }, now);
  writeResult(context, { name, key, expires }, () => {
    if (!context.quiet) context.stderr.write(`${visible(inWords(context.language, texts.once, { name }))}\n`);
    return key;
  });
}

function granted(role: string): Grant {
  const found = grants.find((one) => one === role);
  if (found) return found;
  const near = nearestName(role, grants);
  throw argumentError("--role", {
    problem: "there is no such choice",
    expected: grants.join(", "),
    got: role,
    hint: near && `did you mean ${near}?`,
  });
}

export async function list(file: string, context: CommandContext): Promise<void> {
  const keys = await readKeys(file);
  const shown = keys.map(({ digest: _, ...rest }) => rest);
  writeResult(context, shown, () =>
    table(
      shown.map(({ name, roles, expires }): [string, string] => [
        visible(name),
        `${roles.join(", ")}  ${expires ?? inWords(context.language, texts.never)}`,
      ]),
    ),
  );
}

export async function remove(file: string, name: string, context: CommandContext): Promise<void> {
  await removeKey(file, name);
  writeResult(context, { name, removed: true }, () => visible(inWords(context.language, texts.removed, { name })));
}
