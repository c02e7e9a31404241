// Options of concord serve that are about watching: the store, the rules of alerts, where they are sent.
import { isConcordError } from "../../base/index.ts";
import type { ServeConfig, WatchOptions } from "../../serve/index.ts";
import type { AlertRule } from "../../watch/index.ts";
import { argumentError, type CommandContext } from "../context.ts";

export interface ServeWatchOptions {
  readonly watch?: string;
  readonly alert?: string;
  readonly alertUrl?: string;
  readonly capture?: boolean;
}

/**
 * Options go before `watch` of serve.yaml.
 * @throws E_ARGUMENT for a rule or an address that is none, and for what has no meaning where nothing is watched
 */
export function watchOptions(
  given: ServeWatchOptions,
  file: ServeConfig["watch"],
  { stderr }: CommandContext,
): WatchOptions | undefined {
  const { alert = file?.alerts?.join(","), alertUrl = file?.url, capture = file?.capture } = given;
  const store = given.watch ?? file?.store;
  if (store === undefined) {
    const idle = Object.entries({ "--alert": alert, "--alert-url": alertUrl, "--capture": capture }).find(
      ([, value]) => value !== undefined && value !== false,
    );
    if (idle)
      throw argumentError(idle[0], { problem: "models are not watched", expected: "--watch <store> beside it" });
    return undefined;
  }
  return {
    store,
    ...(alert !== undefined && { rules: alert.split(",").map(ruleOf) }),
    ...(alertUrl !== undefined && { webhook: checkedUrl(alertUrl) }),
    ...(capture && { capture }),
    ...(file?.window !== undefined && { window: file.window }),
    onEvent: (event) => {
      if ("alert" in event) return void stderr.write(`ALERT ${event.alert.model} ${event.alert.text}\n`);
      const { fault } = event;
      stderr.write(`watch: ${isConcordError(fault) ? `${fault.code} ${fault.facts.problem}` : String(fault)}\n`);
    },
  };
}

function ruleOf(text: string): AlertRule {
  const rule = text.trim();
  if (rule === "drift" || rule === "gate") return { when: rule };
  const [, when, sign, limit] = /^(accuracy|gap|abstention)([<>])(\d*\.?\d+)$/.exec(rule) ?? [];
  const value = Number(limit);
  if (when === "accuracy" && sign === "<" && value <= 1) return { when, below: value };
  if ((when === "gap" || when === "abstention") && sign === ">" && value <= 1) return { when, above: value };
  throw argumentError("--alert", {
    problem: "there is no such rule",
    expected: "drift, gate, accuracy<0.8, gap>0.1, abstention>0.3",
    got: rule,
  });
}

function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return text;
  throw argumentError("--alert-url", { problem: "not an address", expected: "https://…", got: text });
}
