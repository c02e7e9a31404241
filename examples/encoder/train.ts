// Makes the embedded encoder from its teacher: node dist/examples/encoder/train.js TEACHER WORDNET SPEECHES DICTIONARY OUT
// Stopped and started again with the same arguments, it goes on from its last checkpoint.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type HostArray, random, shuffle } from "../../src/base/index.ts";
import { configOf, type JsonRecord } from "../../src/formats/index.ts";
import { modelOf } from "../../src/models/index.ts";
import { loadModel, saveModel } from "../../src/models/node/index.ts";
import { openTokenizer, rustTokenizer } from "../../src/tokenizers/node/index.ts";
import type { DistilSettings, TextExample, TrainingJob } from "../../src/train/index.ts";
import { train } from "../../src/train/node/train.ts";
import { encoderSettings as settings } from "./settings.ts";
import { type Student, studentOf } from "./student.ts";
import { dictionary, glosses, messages, someOf, speeches, type Taught } from "./texts.ts";

const [teacherFolder, wordnet, speechFolder, dictionaryFolder, out] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
];
const teacher = await loadModel(teacherFolder);
const tokenizer = await openTokenizer(join(teacherFolder, "tokenizer.json"));
const rng = random(settings.seed);

const words = await dictionary(dictionaryFolder);
const allGlosses = await glosses(wordnet);
const allSpeeches = await speeches(speechFolder);
const chineseMessages = messages(settings.chinese.messages, "zh", `encoder ${settings.seed}`);
const englishMessages = messages(settings.english.messages, "en", `encoder ${settings.seed}`).map(({ text }) => text);
const student: Student = await studentOf(
  teacher.model,
  teacher.weights,
  tokenizer,
  [...allGlosses, ...allSpeeches, ...englishMessages],
  [...words, ...Array(8).fill(chineseMessages).flat()],
  settings.student,
);
const own = await rustTokenizer(student.file);
const english = shuffle(
  [
    ...someOf(allGlosses, settings.english.glosses, rng.split("glosses")),
    ...someOf(allSpeeches, settings.english.speeches, rng.split("speeches")),
    ...englishMessages,
  ],
  rng.split("english"),
);
const translated: Taught[] = [...someOf(words, settings.chinese.words, rng.split("words")), ...chineseMessages];
console.log(
  `student: ${student.model.tokens!.vocabulary} tokens, ${settings.student.layers} layers; ${english.length} English and ${translated.length} Chinese texts`,
);

const { maxLength } = settings;
const idsOf = async (texts: readonly string[]) =>
  (await own.encodeIds([...texts], { maxLength })).map((ids) => Int32Array.from(ids));
const englishIds = await idsOf(english);
const chineseIds = await idsOf(translated.map(({ text }) => text));
const taughtIds = await tokenizer.encodeIds(
  translated.map((t) => t.english!),
  { maxLength },
);
const lesson: TextExample[] = englishIds.map((ids) => ({ ids }));
const both: TextExample[] = [
  ...chineseIds.map((ids, i) => ({ ids, taught: { ids: Int32Array.from(taughtIds[i]!) } })),
  ...englishIds.slice(0, settings.chinese.english).map((ids) => ({ ids })),
];

/** The head of neither is trained: a bare encoder's pooler is not read. */
const config = { ...student.model.config, add_pooling_layer: false };
const teacherConfig: JsonRecord = { ...teacher.model.config };
async function learn(
  name: string,
  weights: ReadonlyMap<string, HostArray>,
  examples: TextExample[],
  losses: Partial<DistilSettings>,
  options: TrainingJob["options"],
) {
  let shown = 0;
  const start = performance.now();
  const job: TrainingJob = {
    config,
    weights,
    examples,
    teacher: teacher.weights,
    frozen: "int8",
    threads: 1,
    checkpointEvery: 200,
    objective: { name: "distil", settings: { teacher: teacherConfig, vocabulary: student.vocabulary, ...losses } },
    options: { batchSize: 32, warmupRatio: 0.05, grouping: "length", dropout: false, seed: settings.seed, ...options },
  };
  const result = await train(job, {
    folder: join(out, name),
    onEvent: (e) => {
      if (e.kind === "start") console.log(`${name}: ${e.steps} steps, from ${e.step}`);
      if (e.kind === "step" && ++shown % 10 === 0)
        console.log(
          `${name} ${e.step} loss ${e.loss.toFixed(4)} ${((performance.now() - start) / 1000).toFixed(0)} s ${JSON.stringify(e.spent)} ${e.tokens}`,
        );
    },
  });
  if (!result.finished) throw new Error(`interrupted at step ${result.step}`);
  return result.weights;
}

const files = {
  "tokenizer.json": JSON.stringify(student.file),
  "tokenizer_config.json": JSON.stringify({ tokenizer_class: "BertTokenizer", model_max_length: 512 }),
};
const save = (folder: string, weights: ReadonlyMap<string, HostArray>) =>
  saveModel(join(out, folder), modelOf(configOf(config, "student")), weights, files);
if (!existsSync(join(out, "start", "config.json"))) await save("start", student.weights);
const first = await learn("english", student.weights, lesson, settings.english.losses, settings.english.training);
await save("after-english", first);
const second = await learn("chinese", first, both, settings.chinese.losses, settings.chinese.training);
await save("encoder", second);
