// concord serve on SIGHUP: reads the models of serve.yaml again and serves these, while everything else of the server stays as it started.
import { isConcordError, visible } from "../../base/index.ts";
import { inWords, type Message } from "../../messages/index.ts";
import type { Loaded, RunningServer, ServedPath } from "../../serve/index.ts";
import { inLanguage } from "../../translations/index.ts";
import type { CommandContext } from "../context.ts";

const texts = {
  loaded: { en: "{name}: loaded from {path}", zh: "{name}：已从 {path} 加载" },
  unchanged: { en: "{name}: unchanged", zh: "{name}：未变化" },
  removed: { en: "{name}: no longer served", zh: "{name}：不再提供" },
  failed: {
    en: "{name}: {path} was not loaded: {problem}. What served before still serves.",
    zh: "{name}：未能加载 {path}：{problem}。此前提供的模型继续提供。",
  },
  unread: {
    en: "the configuration was not read again: {problem}. Everything stays as it was.",
    zh: "未能重新读取配置：{problem}。一切保持不变。",
  },
} as const satisfies Record<Loaded["outcome"] | "unread", Message>;

/**
 * Serves the models of `read` on each SIGHUP.
 * @returns what ends that
 */
export function onHangUp(
  server: Pick<RunningServer, "configure">,
  read: () => Promise<readonly ServedPath[]>,
  { signals, stderr, language }: CommandContext,
): () => void {
  const problemOf = (fault: unknown) =>
    isConcordError(fault) ? inLanguage(language, fault.facts.problem) : String(fault);
  const say = (line: string) => stderr.write(`${visible(line)}\n`);
  const reread = async () => {
    try {
      for (const { outcome, fault, ...about } of await server.configure(await read()))
        say(inWords(language, texts[outcome], { ...about, problem: problemOf(fault) }));
    } catch (fault) {
      say(inWords(language, texts.unread, { problem: problemOf(fault) }));
    }
  };
  const onSignal = () => {
    signals.once("SIGHUP", onSignal);
    void reread();
  };
  signals.once("SIGHUP", onSignal);
  return () => void signals.off("SIGHUP", onSignal);
}
