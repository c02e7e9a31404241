// Starts a thread from TypeScript sources (tests and tools only): registers the loader, then imports what `argv[2]` names.
import { register } from "tsx/esm/api";

register();
await import(process.argv[2]);
