// Writes the data set of a seed into a folder: node dist/examples/disease/generate/main.js [FOLDER] [SEED]
import { writeDiseaseData } from "./write.ts";

const [folder = "examples/disease/data", seed = "7"] = process.argv.slice(2);
const { labelled, unlabelled, planted } = await writeDiseaseData(folder, Number(seed));
console.log(`${labelled} labelled and ${unlabelled} unlabelled messages in ${folder}, ${planted} planted rows listed`);
