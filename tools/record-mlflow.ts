// Records what a real MLflow server answers to an export: `mlflow server --port 5999 --backend-store-uri sqlite:///FILE --artifacts-destination FOLDER`,
// then `npx tsx tools/record-mlflow.ts http://127.0.0.1:5999`. The server must be new. Tests replay test/golden/tracking/mlflow.json.
import { writeFileSync } from "node:fs";
import { mlflowServer } from "../src/runs/mlflow-server.ts";
import { mlflowExport, type Send } from "../src/tracking/index.ts";
import { artifactsExample, bodyText, trackedExample } from "../test/tracking/run.ts";

const address = process.argv[2]!;
const { version } = { version: await (await fetch(`${address}/version`)).text() };
const send = mlflowServer(address, {});
const exchanges: unknown[] = [];
const recorder: Send = async (request) => {
  const answer = await send(request);
  // the server's own folder says nothing to others
  exchanges.push({ ...request, body: bodyText(request.body), status: answer.status, answer: answer.body });
  return answer;
};
const options = { experiment: "病 diseases & signs", artifacts: artifactsExample };
await mlflowExport(trackedExample, options, recorder); // makes the experiment
const first = exchanges.length;
const { runId } = await mlflowExport(trackedExample, options, recorder); // finds it
const ask = async (path: string) => (await send({ method: "GET", path })).body;
const { run } = JSON.parse(await ask(`/api/2.0/mlflow/runs/get?run_id=${runId}`));
const history = JSON.parse(
  await ask(`/api/2.0/mlflow/metrics/get-history?run_id=${runId}&metric_key=${encodeURIComponent("adapt/loss")}`),
);
const listed = JSON.parse(await ask(`/api/2.0/mlflow/artifacts/list?run_id=${runId}`));
const refused = await send({ method: "POST", path: "/api/2.0/mlflow/runs/create", body: { experiment_id: "no such" } });
const record = {
  provenance: `MLflow ${version}, recorded by tools/record-mlflow.ts`,
  first,
  exchanges,
  refused: { status: refused.status, answer: refused.body },
  kept: {
    status: run.info.status,
    name: run.info.run_name,
    params: run.data.params.length,
    text: run.data.params.find((p: { key: string }) => p.key === "data.text").value,
    metrics: run.data.metrics.map(({ key, value, step }: Record<string, unknown>) => ({ key, value, step })),
    losses: history.metrics.length,
    artifacts: listed.files.map((file: { path: string; file_size: number }) => [file.path, Number(file.file_size)]),
  },
};
writeFileSync("test/golden/tracking/mlflow.json", `${JSON.stringify(record, null, 1)}\n`);
console.log(exchanges.length, JSON.stringify(record.kept).slice(0, 400), refused.status);
