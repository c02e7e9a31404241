// Writes the digits into a folder: node dist/examples/digits/write.js FOLDER [images of each digit]
import { resolve } from "node:path";
import { writeDigits } from "./images.ts";

const [folder = "runs/digits-images", most] = process.argv.slice(2);
const files = await writeDigits(resolve(folder), most === undefined ? undefined : Number(most));
console.log(`${files} images in ${folder}`);
