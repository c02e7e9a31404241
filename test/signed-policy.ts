// A policy of one gate that one key has to sign.

/** Lies beside a folder `keys` with builder.pub.json, as `concord keys keys/builder` makes it. @param value of the gate, at least 0.5 */
export const signedPolicy = (value: string): string =>
  `version: 1\nsigners: { builder: [keys/builder.pub.json] }\nrequire: [builder]\ngates: [{ value: ${value}, atLeast: 0.5 }]\n`;
