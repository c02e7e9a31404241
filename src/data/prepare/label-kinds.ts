// What the field of a label holds, and what reading and splitting ask of it. The names are those of answers (`Answer.kind`). Pure.

interface LabelReading {
  /** Labels belong to words, and lie in spans of the text. */
  readonly words: boolean;
  /** A number in its own unit, which no label set holds. */
  readonly number: boolean;
  /** Any number of labels, also none; else exactly one. */
  readonly several: boolean;
  /** No label at all: the text itself is what is learned, with its lines and spaces. */
  readonly prose: boolean;
  /** Answers to the question that the text is, in a second text. */
  readonly quoted: boolean;
  /** Which of the choices that the record brings is right. */
  readonly chosen: boolean;
  /** Labels of several tasks, each in a column of its own. */
  readonly tasks: boolean;
  /** Different labels that a table needs, for there to be something to tell apart. */
  readonly leastLabels: number;
}

const one: LabelReading = {
  words: false,
  number: false,
  several: false,
  prose: false,
  quoted: false,
  chosen: false,
  tasks: false,
  leastLabels: 2,
};

/** One label, several labels, a number, entities in the text, answers in a second text, one of the row's own choices, labels of several tasks, the text itself, or what comes after. */
export const labelKinds = {
  label: one,
  labels: { ...one, several: true, leastLabels: 1 },
  value: { ...one, number: true, leastLabels: 0 },
  entities: { ...one, words: true, leastLabels: 1 },
  answers: { ...one, quoted: true, leastLabels: 0 },
  choice: { ...one, chosen: true, leastLabels: 0 },
  tasks: { ...one, tasks: true, leastLabels: 0 },
  text: { ...one, prose: true, leastLabels: 0 },
  future: { ...one, leastLabels: 0 },
} as const satisfies Readonly<Record<string, LabelReading>>;

/** What is read of a row's label. */
export type LabelKind = keyof typeof labelKinds;
