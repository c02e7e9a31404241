"use client";
// A page that classifies texts with a model of Concord, in the browser. Nothing that is typed leaves it.
import type { ScoredLabel } from "@concord-ai/concord/web";
import { type FormEvent, useEffect, useState } from "react";
import { useClassifier } from "./use-classifier";
import { type Language, words } from "./words";

export default function Page() {
  const classifier = useClassifier("/model/");
  const [language, setLanguage] = useState<Language>("en");
  const [text, setText] = useState("");
  const [labels, setLabels] = useState<readonly ScoredLabel[]>();
  useEffect(() => {
    if (navigator.language.startsWith("zh")) setLanguage("zh");
  }, []);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const say = (key: keyof typeof words): string => words[key][language];
  const percent = (share: number) => new Intl.NumberFormat(language, { style: "percent" }).format(share);
  const ask = async (event: FormEvent) => {
    event.preventDefault();
    if (classifier.state === "ready") setLabels(await classifier.classify(text, { top_k: null }));
  };
  const detail = { loading: "share" in classifier ? percent(classifier.share) : "", ready: "" };
  return (
    <main>
      <header>
        <h1>{say("title")}</h1>
        <button
          type="button"
          id="language"
          lang={language === "en" ? "zh" : "en"}
          onClick={() => setLanguage(language === "en" ? "zh" : "en")}
        >
          {language === "en" ? "中文" : "English"}
        </button>
      </header>
      <p>{say("about")}</p>
      <form onSubmit={ask}>
        <label htmlFor="text">{say("label")}</label>
        <textarea id="text" rows={4} required value={text} onChange={(event) => setText(event.target.value)} />
        <button type="submit" disabled={classifier.state !== "ready"}>
          {say("ask")}
        </button>
        <p id="state" role="status">
          {say(classifier.state)} {classifier.state === "failed" ? classifier.message : detail[classifier.state]}
        </p>
      </form>
      <section aria-live="polite">
        {labels && <h2>{say("answer")}</h2>}
        <ol id="answer">
          {labels?.slice(0, 5).map(({ label, score }) => (
            <li key={label}>
              <span>{label}</span>
              <meter value={score} aria-label={label} />
              <output>{percent(score)}</output>
            </li>
          ))}
        </ol>
      </section>
    </main>
  );
}
