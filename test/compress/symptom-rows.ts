// A small table of symptoms whose words tell the disease, for runs that are trained in a moment.
import { random } from "../../src/base/index.ts";

/** CSV with the columns text and disease, 200 rows. */
export function symptomRows(): string {
  const rng = random(5);
  const pick = (list: readonly string[]) => list[rng.int(list.length)]!;
  const words = { flu: ["fever", "shivers", "aching limbs"], cold: ["runny nose", "sneezing", "sore throat"] };
  const lines = Array.from({ length: 200 }, (_, i) => {
    const label = (["flu", "cold"] as const)[i % 2]!;
    return `"${pick(words[label])} ${pick(["since monday", "again", "at work"])} ${i}",${label}`;
  });
  return `text,disease\n${lines.join("\n")}\n`;
}
