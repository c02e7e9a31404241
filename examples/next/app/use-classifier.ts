"use client";
// A model of Concord in a component: downloaded in the browser, never on the server.
import type { Pipeline } from "@concord-ai/concord/web";
import { useEffect, useState } from "react";

/** How far the model is: a share of its download, the function that answers, or why there is none. */
export type Classifier =
  | { readonly state: "loading"; readonly share: number }
  | { readonly state: "ready"; readonly classify: Pipeline<"text-classification"> }
  | { readonly state: "failed"; readonly message: string };

export function useClassifier(folder: string): Classifier {
  const [classifier, setClassifier] = useState<Classifier>({ state: "loading", share: 0 });
  useEffect(() => {
    const stop = new AbortController();
    let opened: Pipeline<"text-classification"> | undefined;
    const open = async () => {
      const { attempt, pipeline } = await import("@concord-ai/concord/web");
      const found = await attempt(
        pipeline("text-classification", folder, {
          signal: stop.signal,
          onProgress: ({ loaded, total }) => setClassifier({ state: "loading", share: loaded / total }),
        }),
      );
      if (found.ok) opened = found.value;
      if (stop.signal.aborted) return await opened?.dispose();
      if (found.ok) setClassifier({ state: "ready", classify: found.value });
      else setClassifier({ state: "failed", message: `${found.error.code}: ${found.error.facts.problem}` });
    };
    open().catch((fault: unknown) => setClassifier({ state: "failed", message: String(fault) }));
    return () => {
      stop.abort();
      void opened?.dispose();
    };
  }, [folder]);
  return classifier;
}
