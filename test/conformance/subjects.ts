// The conformance table: for every op, how its operands are filled, which sizes it is tried at, how exact a runtime must be, and
// where a runtime is known to differ. A new op that has no line here does not compile.
import type { OpName } from "../../src/graph/index.ts";
import { elementSubjects } from "./element-subjects.ts";
import { movementSubjects } from "./movement-subjects.ts";
import { productSubjects } from "./product-subjects.ts";
import type { Subject } from "./subject.ts";

export const subjects: { readonly [K in Exclude<OpName, "input">]: Subject } = {
  ...elementSubjects,
  ...movementSubjects,
  ...productSubjects,
};
