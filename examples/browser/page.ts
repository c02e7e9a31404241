// A page that answers texts with a web export, in the browser: nothing that is typed leaves it.
import { type Answer, openTextPredictor } from "../../src/web.ts";

const messages = {
  title: { en: "Ask the model", zh: "询问模型" },
  about: {
    en: "The model runs in this page. What you type stays on your device.",
    zh: "模型在本页面中运行，您输入的内容不会离开您的设备。",
  },
  label: { en: "Text", zh: "文本" },
  ask: { en: "Answer", zh: "回答" },
  answer: { en: "Answer", zh: "回答" },
  loading: { en: "Loading the model …", zh: "正在加载模型……" },
  ready: { en: "Ready.", zh: "就绪。" },
  none: { en: "nothing found", zh: "未找到" },
} as const;
const chinese = (new URLSearchParams(location.search).get("lang") ?? navigator.language).startsWith("zh");
const say = (key: keyof typeof messages): string => messages[key][chinese ? "zh" : "en"];

const find = <E extends HTMLElement>(selector: string): E => document.querySelector<E>(selector)!; // of index.html
document.documentElement.lang = chinese ? "zh" : "en";
for (const element of document.querySelectorAll<HTMLElement>("[data-text]"))
  element.textContent = say(element.dataset.text as keyof typeof messages); // named in index.html

const [state, table, button, text] = [
  find("#state"),
  find<HTMLTableElement>("#answer"),
  find<HTMLButtonElement>("button"),
  find<HTMLTextAreaElement>("#text"),
];

/** Rows of an answer: what, and how likely. */
function rowsOf(answer: Answer): (readonly [string, number | undefined])[] {
  if (answer.kind === "value") return [[String(answer.value), undefined]];
  if (answer.kind === "entities")
    return answer.entities.map((e) => [`${e.text} · ${e.type} (${e.start}–${e.end})`, e.probability]);
  if (answer.kind === "tasks")
    return Object.entries(answer.tasks).flatMap(([name, one]) =>
      rowsOf(one).map(([what, probability]) => [`${name}: ${what}`, probability] as const),
    );
  return answer.ranked.slice(0, 5).map(({ label, probability }) => [label, probability]);
}

function show(answer: Answer): void {
  const rows = rowsOf(answer);
  const body = table.tBodies[0]!;
  body.replaceChildren();
  for (const [what, probability] of rows.length ? rows : [[say("none"), undefined] as const]) {
    const row = body.insertRow();
    row.insertCell().textContent = what; // text, never markup: labels come from data
    row.insertCell().textContent = probability === undefined ? "" : probability.toFixed(6);
  }
  table.hidden = false;
}

state.textContent = say("loading");
try {
  const predictor = await openTextPredictor("/model/", { files: new URL("/ort/", location.href) });
  find("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      show((await predictor.answers([text.value]))[0]!);
      state.textContent = say("ready");
    } catch (error) {
      state.textContent = String(error);
    } finally {
      button.disabled = false;
    }
  });
  button.disabled = false;
  state.textContent = say("ready");
} catch (error) {
  state.textContent = String(error);
}
