// concord study review: a proposal in words, for the people whose rows are asked for.
import { visible } from "../../base/index.ts";
import { type Language, say } from "../../messages/index.ts";
import { readProposalFile, reviewProposal, type StudyReview } from "../../studies/index.ts";
import { type CommandContext, writeResult } from "../context.ts";
import { bytes, table } from "../sizes.ts";

export async function review(path: string, context: CommandContext): Promise<void> {
  const { proposal, signed } = await readProposalFile(path);
  const found = reviewProposal(proposal, signed);
  writeResult(context, found, () => reviewText(found, context.language));
}

type Lines = readonly (readonly [name: string, text: string])[];

/** A review as lines of text, for one language. */
export function reviewText(found: StudyReview, language: Language): string {
  const section = (title: string, rows: Lines) => [
    "",
    visible(title),
    table(rows.map(([name, text]): [string, string] => [`  ${name}`, text])),
  ];
  return [
    visible(say(language, "review.title", { run: found.run })),
    ...section(say(language, "review.who"), [
      ...whoLines(found, language),
      ...bucketLines(found, language),
      ...normLines(found, language),
    ]),
    ...section(say(language, "review.computed"), computedLines(found, language)),
    ...section(say(language, "review.leaves"), leavingLines(found, language)),
    `  ${say(language, "review.rows")}`,
    ...section(
      say(language, "review.published"),
      found.published.map((name) => [say(language, `review.published.${name as "model"}`), ""]),
    ),
    ...(found.warnings.length ? ["", say(language, "review.warnings")] : []),
    ...found.warnings.map((name) => `  ! ${say(language, `review.warning.${name}`)}`),
    "",
    say(language, "review.consent"),
    `  ${found.digest}`,
  ].join("\n");
}

function whoLines(found: StudyReview, language: Language): Lines {
  const { members, threshold, coordinator: name } = found;
  const meaning = {
    threshold,
    members: members.length,
    drop: found.mayDrop,
    colluders: found.colluders,
  };
  const shown = members.length > 50 ? [...members.slice(0, 50), "…"] : members;
  return [
    [say(language, "review.digest"), found.digest],
    [
      say(language, "review.coordinator"),
      say(language, found.signed ? "review.signed.yes" : "review.signed.no", { name }),
    ],
    [say(language, "review.members", { count: members.length }), shown.join(", ")],
    [say(language, "review.threshold"), say(language, "review.threshold.text", meaning)],
  ];
}

function normLines({ norm }: StudyReview, language: Language): Lines {
  return norm === null ? [] : [[say(language, "review.norm"), say(language, "review.norm.text", { norm })]];
}

function bucketLines({ buckets }: StudyReview, language: Language): Lines {
  if (!buckets) return [];
  const { rule, members, least, tolerated } = buckets;
  const name = say(language, `review.buckets.rule.${rule}`);
  return [
    [
      say(language, "review.buckets"),
      say(language, "review.buckets.text", { rule: name, count: members.length, least, limit: tolerated }),
    ],
    ...members.map((names, i): [string, string] => [
      say(language, "review.buckets.one", { number: i + 1 }),
      names.join(", "),
    ]),
  ];
}

function computedLines(found: StudyReview, language: Language): Lines {
  const { privacy } = found;
  return [
    [say(language, "review.rounds"), String(found.rounds)],
    [say(language, "review.strategy"), found.strategy],
    [say(language, "review.model"), String(found.modelNumbers)],
    ...found.files.map(({ name, sha256, bytes: size }): [string, string] => [
      say(language, "review.file"),
      `${name}, ${bytes(size)}, SHA-256 ${sha256}`,
    ]),
    [
      say(language, "review.privacy"),
      privacy
        ? say(language, "review.privacy.dp", { epsilon: privacy.epsilon, delta: privacy.delta.toPrecision(3) })
        : say(language, "review.privacy.none"),
    ],
    ...settings(found.computed),
  ];
}

/** Every entry of the recipe, by its dotted name: nothing that runs is left out. */
function settings(value: unknown, path = ""): [string, string][] {
  if (typeof value !== "object" || value === null || Array.isArray(value) || Object.keys(value).length === 0)
    return path === "" ? [] : [[path, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([name, inner]) => settings(inner, path === "" ? name : `${path}.${name}`));
}

const leavingLines = ({ leaves }: StudyReview, language: Language): Lines =>
  leaves.map(({ what, parts, numbers, bytes: size, times, bound, form }): [string, string] => [
    say(language, `review.leaves.${what}`),
    form === "shown"
      ? say(language, "review.shown")
      : `${say(language, "review.masked", { numbers, size: bytes(size), times, bound: `±${bound}` })}${
          what === "examples"
            ? ""
            : ` (${parts.length > 6 ? `${parts.slice(0, 6).join(", ")} … ${parts.length}` : parts.join(", ")})`
        }`,
  ]);
