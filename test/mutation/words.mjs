// Stryker plugin: words of errors are not mutated, for tests compare codes and what matters, not sentences (test/faults.test.ts and test/words.test.ts
// read those). Left out: the facts of a `new ConcordError(code, facts)`, and texts inside `throw …`; never an error's code.
const isWords = (path) =>
  path.findParent(
    (above) =>
      above.parentPath?.isNewExpression() &&
      above.parent.callee.name === "ConcordError" &&
      above.listKey === "arguments" &&
      above.key === 1,
  ) !== null;
const isFacts = (path) =>
  path.parentPath?.isNewExpression() && path.parent.callee.name === "ConcordError" && path.key === 1;
const isThrownText = (path) =>
  (path.isStringLiteral() || path.isTemplateLiteral()) &&
  !/^E_/.test(path.node.value ?? "") &&
  path.findParent((above) => above.isThrowStatement()) !== null;

export const strykerPlugins = [
  {
    kind: "Ignore",
    name: "words",
    value: {
      shouldIgnore: (path) =>
        isFacts(path) || isWords(path) || isThrownText(path) ? "words of an error" : undefined,
    },
  },
];
