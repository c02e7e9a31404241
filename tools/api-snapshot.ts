// Writes test/api.txt anew: npm run api. Done on purpose when a public name is added, or taken away.
import { writeFileSync } from "node:fs";
import { publicApi } from "./api.ts";

writeFileSync("test/api.txt", publicApi(["src/index.ts", "src/node.ts", "src/web.ts"]));
