// Public models that fit: their architecture is one that Concord trains. Facts are of their pages; sizes are about.

/** A public model, as its page describes it. */
export interface KnownModel {
  readonly repository: string;
  /** SPDX identifier; undefined where the page states none. */
  readonly license?: string;
  /** Bytes of the weights, about. */
  readonly sizeBytes: number;
  /** Languages; undefined for models of images. */
  readonly languages?: string;
  readonly architecture: "bert" | "distilbert" | "roberta" | "vit";
  /** Trained, adapted and exported by Concord's own tests and benches. Others are known by their architecture only. */
  readonly tested: boolean;
}

const model = (
  repository: string,
  architecture: KnownModel["architecture"],
  megabytes: number,
  license: string | undefined,
  languages: string | undefined,
  tested = false,
): KnownModel => ({ repository, architecture, sizeBytes: megabytes * 1e6, license, languages, tested });

/** Small ones first. */
export const knownModels: readonly KnownModel[] = [
  model("sentence-transformers/all-MiniLM-L6-v2", "bert", 91, "Apache-2.0", "en", true),
  model("WinKawaks/vit-tiny-patch16-224", "vit", 23, "Apache-2.0", undefined),
  model("distilbert/distilbert-base-uncased", "distilbert", 268, "Apache-2.0", "en"),
  model("distilbert/distilbert-base-multilingual-cased", "distilbert", 542, "Apache-2.0", "104"),
  model("google-bert/bert-base-chinese", "bert", 412, undefined, "zh"),
  model("google-bert/bert-base-uncased", "bert", 440, "Apache-2.0", "en"),
  model("google-bert/bert-base-cased", "bert", 436, "Apache-2.0", "en"),
  model("google-bert/bert-base-multilingual-cased", "bert", 714, "Apache-2.0", "104"),
  model("FacebookAI/roberta-base", "roberta", 499, "MIT", "en"),
  model("google/vit-base-patch16-224-in21k", "vit", 346, "Apache-2.0", undefined),
];
