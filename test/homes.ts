// Questions in SQuAD 2.0's layout: where people live, what they do and how old they are; some texts do not say it.
import { type Random, random } from "../src/base/index.ts";

const names = "Ada Bo Cleo Dan Eve Finn Gus Hana Ivo June Kai Lena Max Nora Otto Pia Quin Rosa Sam Tess".split(" ");
const facts = [
  ["Where does NAME live?", "NAME lives in ANSWER.", "Paris Rome Oslo Lima Cairo Delhi Seoul Quito Tunis Dakar Kyoto"],
  ["What is the job of NAME?", "NAME works as a ANSWER.", "doctor baker pilot nurse judge clerk miner tailor sailor"],
  ["How old is NAME?", "NAME is ANSWER years old.", "twenty thirty forty fifty sixty seventy eighty"],
] as const;

const pick = <T>(rng: Random, from: readonly T[]): T => from[rng.int(from.length)]!;

/** @param count of texts, each with a question that it answers and, every fourth, one that it does not */
export function homesSquad(count: number) {
  const rng = random("homes");
  const data = Array.from({ length: count }, (_, k) => {
    const name = pick(rng, names);
    const turn = rng.int(3); // the first two of the facts are told
    const told = [0, 1, 2].map((i) => {
      const [question, sentence, answers] = facts[(turn + i) % 3]!;
      const answer = pick(rng, answers.split(" "));
      return { question: question.replace("NAME", name), sentence: sentence.replace("NAME", name), answer };
    });
    const sentences = told.slice(0, 2).map(({ sentence, answer }) => sentence.replace("ANSWER", answer));
    const context = sentences.join("\n");
    const asked = told[rng.int(2)]!;
    const answers = [{ text: asked.answer, answer_start: context.indexOf(asked.answer) }];
    const none = { id: `${k}b`, question: told[2]!.question, answers: [], is_impossible: true };
    const qas = [{ id: `${k}a`, question: asked.question, answers, is_impossible: false }, ...(k % 4 ? [] : [none])];
    return { title: `text ${k}`, paragraphs: [{ context, qas }] };
  });
  return { version: "v2.0", data };
}
