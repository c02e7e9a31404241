// Tables: what files of rows look like, and their text in characters. What opens files is under node/.
export { type Encoding as TextEncoding, encodings, findEncoding } from "./encoding.ts";
