// The name of this package on npm. Its program is called `concord`.

/** Name in package.json, and in imports of users. */
export const packageName = "@concord-ai/concord";
