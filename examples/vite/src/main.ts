// A page that classifies texts with a model of Concord, in the browser. Nothing that is typed leaves it.
import { isConcordError, type Pipeline, pipeline, type ScoredLabel } from "@concord-ai/concord/web";
import "./style.css";
import { firstLanguage, type Language, words } from "./words.ts";

const find = <E extends HTMLElement>(selector: string): E => document.querySelector<E>(selector)!; // of index.html
const [ask, text, state, answer, toggle, heading] = [
  find<HTMLButtonElement>("button[type=submit]"),
  find<HTMLTextAreaElement>("#text"),
  find("#state"),
  find("#answer"),
  find("#language"),
  find("h2"),
];

let language: Language = firstLanguage();
let status: keyof typeof words = "loading";
let detail = "";

function showWords(): void {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll<HTMLElement>("[data-text]"))
    element.textContent = words[element.dataset.text as keyof typeof words][language]; // named in index.html
  toggle.textContent = language === "en" ? "中文" : "English";
  toggle.lang = language === "en" ? "zh" : "en";
  state.textContent = `${words[status][language]}${detail}`;
}

function showStatus(next: keyof typeof words, more = ""): void {
  [status, detail] = [next, more];
  showWords();
}

const percent = (share: number): string => new Intl.NumberFormat(language, { style: "percent" }).format(share);

function showAnswer(labels: readonly ScoredLabel[]): void {
  const items = labels.slice(0, 5).map(({ label, score }) => {
    const [item, name, meter, number] = (["li", "span", "meter", "output"] as const).map((tag) =>
      document.createElement(tag),
    ) as [HTMLLIElement, HTMLSpanElement, HTMLMeterElement, HTMLOutputElement];
    name.textContent = label; // text, never markup: labels come from data
    meter.value = score;
    meter.ariaLabel = label;
    number.textContent = percent(score);
    item.append(name, meter, number);
    return item;
  });
  answer.replaceChildren(...items);
  heading.hidden = false;
}

async function classify(model: Pipeline<"text-classification">): Promise<void> {
  ask.disabled = true;
  try {
    showAnswer(await model(text.value, { top_k: null }));
  } finally {
    ask.disabled = false;
  }
}

toggle.addEventListener("click", () => {
  language = language === "en" ? "zh" : "en";
  showWords();
});
showWords();
try {
  const model = await pipeline("text-classification", "/model/", {
    onProgress: ({ loaded, total }) => showStatus("loading", ` ${percent(loaded / total)}`),
  });
  find("form").addEventListener("submit", (event) => {
    event.preventDefault();
    void classify(model);
  });
  ask.disabled = false;
  showStatus("ready");
} catch (error) {
  showStatus("failed", ` ${isConcordError(error) ? `${error.code}: ${error.facts.problem}` : String(error)}`);
}
