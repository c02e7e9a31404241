// Stores of answers, on Node.
export { openWatchStore } from "./open-store.ts";
export { type Recorder, type RecorderOptions, startRecorder } from "./recorder.ts";
export { sendAlert } from "./webhook.ts";
