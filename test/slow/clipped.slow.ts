// Clipped gradients of a batch, for every model that test/privacy/clipped.test.ts leaves out.
import { coveredModels } from "../models/golden.ts";
import { clipsAdapters, clipsWhole } from "../privacy/clipped-suite.ts";

const quick = ["bert-sequence-classification", "vit-image-classification"];
clipsWhole(coveredModels.filter((name) => !quick.includes(name)));
clipsAdapters(["bert-token-classification", "gpt2-lm"]);
