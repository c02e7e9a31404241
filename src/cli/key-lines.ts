// What a verification says of times and keys, as lines of a terminal: whose clock, and what the log states of keys.
import { type Language, say } from "../messages/index.ts";
import type { JudgedStatement, Verified } from "../release/index.ts";
import { inLanguage } from "../translations/index.ts";

type Named = { readonly role: string; readonly name: string };

/** Whose clock it is. */
export const spoken = ({ clock, by }: { readonly clock: string; readonly by: Named }) => ({
  clock,
  by: { role: by.role, name: by.name },
});

/** The time that keys are judged by, and the other clocks that say when the release was in the log. */
export function clockLines(
  { time, passport, signers, stampsUnchecked }: Pick<Verified, "time" | "passport" | "signers" | "stampsUnchecked">,
  language: Language,
): string[] {
  const others = time.clocks.filter((one) => one.at !== time.at || one.by.keyId !== time.by.keyId);
  const line = ({ at, by }: { readonly at: string; readonly by: Named }, clock: keyof typeof said) =>
    say(language, said[clock], { at, role: by.role, name: by.name });
  return [
    line(time, time.clock),
    ...signers.flatMap(({ name, keyId }) => {
      const stamp = time.stamps.get(keyId);
      return stamp ? [say(language, "verify.stamped", { name, at: stamp.at, authority: stamp.authority })] : [];
    }),
    ...(stampsUnchecked ? [say(language, "verify.stamps.unchecked")] : []),
    ...others.map((one) => line(one, one.clock === "witness" ? "alsoWitness" : "alsoLog")),
    say(language, "verify.clock.made", { at: passport.made }),
  ];
}

const said = {
  signer: "verify.clock.signer",
  log: "verify.clock.log",
  witness: "verify.clock.witness",
  timestamp: "verify.clock.timestamp",
  alsoLog: "verify.clock.also.log",
  alsoWitness: "verify.clock.also.witness",
} as const;

/** What the log states of keys. @param statements undefined where no log was at hand */
export function keyLines(statements: readonly JudgedStatement[] | undefined, language: Language): string[] {
  if (!statements) return [say(language, "verify.keys.unseen")];
  return statements.map(({ kind, index, at, about, by, to = "", from, reason = "", fault }) => {
    const facts = { index, at, about, to, reason, by: by.join(", "), from: from ?? "" };
    if (fault) return say(language, "log.key.ignored", { ...facts, why: inLanguage(language, fault.facts.problem) });
    if (kind === "rotate") return say(language, "log.key.rotated", facts);
    return say(language, from === undefined ? "log.key.revoked" : "log.key.stolen", facts);
  });
}
