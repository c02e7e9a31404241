// The recipe's section adapt.quoting: how answers are found in texts; and what a recipe may not ask of it.
import { z } from "zod";
import { type TaskName, taskOf } from "../tasks/index.ts";
import { type Condition, ofLabels, ofMitigation, thatHold } from "./conditions.ts";
import { type AuditSettings, auditSchema } from "./recipe-audit.ts";
import type { RecipeFault } from "./recipe-fault.ts";

export const quotingSchema = z
  .strictObject({
    overlap: z
      .int()
      .min(0)
      .default(128)
      .describe("Tokens that a window of a long text shares with the one before; at most half of a window."),
    longest: z.int().min(1).max(1000).default(30).describe("Longest answer, in tokens."),
    none: z.boolean().default(true).describe("Whether a text may hold no answer."),
  })
  .prefault({})
  .describe("Question answering: how answers are found.");

/** What {@link quotingFaults} looks at. */
interface Asked {
  readonly task: TaskName;
  readonly modality: string;
  readonly data: {
    readonly pair?: string;
    readonly answer?: string;
    readonly start?: string;
    readonly labels?: readonly string[];
    readonly exclude: readonly string[];
    readonly rename: Readonly<Record<string, string>>;
  };
  readonly adapt: {
    readonly quoting: z.output<typeof quotingSchema>;
    readonly labelSmoothing: number;
    readonly tokenMasking: number;
    readonly privacy?: unknown;
    readonly mitigation: {
      readonly words?: string;
      readonly augment: boolean;
      readonly pairing: number;
      readonly weighting: string;
    };
  };
  readonly audit?: AuditSettings;
  readonly compress?: unknown;
  readonly together?: unknown;
}

/** @returns what is wrong, in the order of the recipe */
export function quotingFaults(recipe: Asked): RecipeFault[] {
  const faults = taskOf(recipe.task).quotes ? faultsOfQuotes(recipe) : faultsOfOthers(recipe);
  return thatHold(faults);
}

const standard = JSON.stringify(quotingSchema.parse({}));

const faultsOfOthers = ({ data, adapt }: Asked): Condition[] => [
  [data.start !== undefined, ["data", "start"], "only answers in texts have a start: leave it out"],
  [
    JSON.stringify(adapt.quoting) !== standard,
    ["adapt", "quoting"],
    "only answers in texts are found so: set task: question-answering, or leave it out",
  ],
];

const standardAudit = auditSchema.parse({});
/** Whether something else than the defaults is asked for. */
const isAsked = (part: "privacy" | "explanation", audit: AuditSettings): boolean =>
  audit[part] !== false && JSON.stringify(audit[part]) !== JSON.stringify(standardAudit[part]);

/** Audits of answers in texts: groups, and changed questions. What needs labels is left out, and refused where it is asked for. */
function faultsOfAudit(audit: AuditSettings | undefined): Condition[] {
  if (!audit) return [];
  const { positive, baseline } = audit.fairness || {};
  const { perLabel, perGroup } = audit.robustness || {};
  const needsLabels = "answers in texts are no labels: leave it out";
  const ofPart = (part: "privacy" | "explanation"): Condition => [
    isAsked(part, audit),
    ["audit", part],
    "this audit looks at labels, numbers or entities: leave it out",
  ];
  return [
    ofPart("privacy"),
    ofPart("explanation"),
    [positive !== undefined, ["audit", "fairness", "positive"], needsLabels],
    [baseline !== undefined, ["audit", "fairness", "baseline"], needsLabels],
    [perLabel === true, ["audit", "robustness", "perLabel"], needsLabels],
    [perGroup !== undefined, ["audit", "robustness", "perGroup"], needsLabels],
  ];
}

function faultsOfQuotes({ modality, data, adapt, audit, compress, together }: Asked): Condition[] {
  return [
    [modality !== "text", ["task"], "questions are answered from texts: set modality: text"],
    [data.pair === undefined, ["data", "pair"], "name the column of the texts that hold the answers"],
    [data.answer === undefined, ["data", "answer"], "name the column of the answers"],
    ofLabels(data, "answers in texts are no labels: leave it out"),
    [adapt.labelSmoothing > 0, ["adapt", "labelSmoothing"], "answers in texts are no labels: leave it out"],
    [adapt.tokenMasking > 0, ["adapt", "tokenMasking"], "the answer itself may not be hidden: leave it out"],
    [
      Boolean(adapt.privacy),
      ["adapt", "privacy"],
      "a long text becomes several examples, and private training bounds each by itself: leave it out",
    ],
    ofMitigation(
      adapt.mitigation,
      "mitigation changes decisions about labels, and answers in texts are none: leave it out",
    ),
    ...faultsOfAudit(audit),
    [compress !== undefined, ["compress"], "models that find answers are not compressed so far: leave it out"],
    [together !== undefined, ["together"], "studies learn labels together so far: leave it out"],
  ];
}
