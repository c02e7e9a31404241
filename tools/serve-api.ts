// The server's interface as files: OpenAPI (docs/public/openapi.json) and the types of a client (src/serve/api.gen.ts), both made from the routes.
// npm run serve:api
import { writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";
import { modelsOf } from "../src/serve/fleet/models.ts";
import { openApi } from "../src/serve/http/openapi.ts";
import { allRoutes } from "../src/serve/routes.ts";

export const openApiPath = "docs/public/openapi.json";
export const clientPath = "src/serve/api.gen.ts";

const unused = () => Promise.reject(new Error("the interface needs no model"));

/** Text of both files, as they must be. */
export async function serverInterface(): Promise<Readonly<Record<string, string>>> {
  const routes = allRoutes(modelsOf([], { look: unused, open: unused }), { draining: false }, { secured: true });
  const document = JSON.stringify(openApi(routes, "0", true), null, 1);
  const types = astToString(await openapiTS(document));
  const head = "// Types of the server's interface for openapi-fetch, made by npm run serve:api.\n";
  return { [openApiPath]: `${document}\n`, [clientPath]: head + types };
}

if (process.argv[1]?.endsWith("serve-api.ts"))
  for (const [path, text] of Object.entries(await serverInterface())) writeFileSync(path, text);
