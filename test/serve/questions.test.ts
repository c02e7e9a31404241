// A served model that finds answers in texts: the same answers over every protocol, and what it does not do refused by name.
import { afterAll, beforeAll, expect, test } from "vitest";
import { openQuoter } from "../../src/runs/index.ts";
import { type RunningServer, startServer } from "../../src/serve/index.ts";
import { type SmallModel, smallModel } from "./small-model.ts";

const question = "fever since monday";
const context = "发烧 shivers 😀 sneezing and a runny nose since monday";
let model: SmallModel;
let server: RunningServer;
let expected: Awaited<ReturnType<Awaited<ReturnType<typeof openQuoter>>["quoter"]["quotes"]>>[number];

beforeAll(async () => {
  model = await smallModel("question-answering", [], "questions");
  server = await startServer({ models: [{ path: model.path }], unsigned: true, port: 0, threads: 1 });
  const { quoter } = await openQuoter(model.path);
  expected = (await quoter.quotes([[question, context]], 3))[0]!;
  await quoter.dispose();
});
afterAll(async () => {
  await server.stop();
  model.remove();
});

async function post(path: string, body: object) {
  const reply = await fetch(`${server.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: reply.status, body: (await reply.json()) as { error: unknown } & Record<string, unknown> };
}
/** Places count code points unless a recipe says otherwise. */
const inCodePoints = (place: number) => [...context.slice(0, place)].length;
const placed = () => expected.map((one) => ({ ...one, start: inCodePoints(one.start), end: inCodePoints(one.end) }));

test("a question gets the library's answers, likeliest first, with their places in the text", async () => {
  const { status, body } = await post("/predict", { text: question, pair: context });
  expect(status).toBe(200);
  const [{ answers }] = body.answers as [{ answers: { probability: number }[] }];
  expect(answers).toEqual(placed().map((one) => ({ ...one, ...near(one) })));
  const many = await post("/predict", {
    texts: [
      [question, context],
      ["sneezing", context],
    ],
    top: 1,
  });
  expect((many.body.answers as { answers: object[] }[]).map((one) => one.answers.length)).toEqual([1, 1]);
});
const near = ({ score, probability }: { score: number; probability: number }) => ({
  score: expect.closeTo(score, 4),
  probability: expect.closeTo(probability, 5),
});

test("Hugging Face's question answering and the tensors of V2 give the same", async () => {
  const asked = { question, context };
  const [best] = placed();
  const one = await post("/models/questions", { inputs: asked });
  const shown = { answer: best!.text, start: best!.start, end: best!.end, score: near(best!).probability };
  expect(one.body).toEqual(shown);
  const list = await post("/models/questions", { inputs: [asked], parameters: { top_k: 2 } });
  expect(list.body).toEqual([[shown, expect.anything()]]);
  const bytes = (name: string, value: string) => ({ name, datatype: "BYTES", shape: [1], data: [value] });
  const tensors = await post("/v2/models/questions/infer", {
    inputs: [bytes("text", question), bytes("pair", context)],
  });
  expect(tensors.body.outputs).toMatchObject([
    { name: "answer", data: [best!.text] },
    { name: "probability", data: [near(best!).probability] },
  ]);
});

test.each([
  ["a question alone", { text: question }, /reads a question and a text/],
  ["an empty text", { text: question, pair: " " }, /cannot be used/],
  ["an explanation", { text: question, pair: context, explain: true }, /cannot be explained/],
  ["withheld answers", { text: question, pair: context, abstain: 0.5 }, /not withheld/],
])("%s is refused", async (_, body, problem) => {
  const { status, body: reply } = await post("/predict", body);
  expect([status, reply.error]).toEqual([400, expect.objectContaining({ problem: expect.stringMatching(problem) })]);
});

test("prediction sets, vectors, texts of its own and token ids are refused", async () => {
  expect((await post("/predict", { text: question, pair: context, sets: 0.9 })).status).toBe(400);
  expect((await post("/v1/embeddings", { model: "questions", input: question })).status).toBe(400);
  expect((await post("/v1/completions", { model: "questions", prompt: question })).status).toBe(400);
  const ids = { name: "input_ids", datatype: "INT64", shape: [1, 2], data: [2, 3] };
  expect((await post("/v2/models/questions/infer", { inputs: [ids] })).status).toBe(400);
});
