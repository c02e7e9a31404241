// The --device option.
import { argumentError } from "./context.ts";

/** @throws E_ARGUMENT for another name */
export function checkedDevice(name = "cpu"): "cpu" | "gpu" {
  if (name === "cpu" || name === "gpu") return name;
  throw argumentError("--device", { problem: "there is no device of this name", expected: "cpu, gpu", got: name });
}
