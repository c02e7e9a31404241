// Every address of the server, in the order of its reference.
import { versions } from "../stages/index.ts";
import type { Models } from "./fleet/models.ts";
import type { DrainState } from "./http/app.ts";
import { openApi } from "./http/openapi.ts";
import type { ServedRoute } from "./http/route.ts";
import { healthRoutes } from "./http/routes/health.ts";
import { huggingFaceRoutes } from "./http/routes/hugging-face.ts";
import { modelRoutes, type VersionsOf } from "./http/routes/models.ts";
import { openaiRoutes } from "./http/routes/openai.ts";
import { predictRoutes } from "./http/routes/predict.ts";
import { referenceRoutes } from "./http/routes/reference.ts";
import { repositoryRoutes } from "./http/routes/repository.ts";
import { v2Routes } from "./http/routes/v2.ts";

export interface RoutesOptions {
  /** Routes of others: watching, a dashboard. */
  readonly more?: readonly ServedRoute[];
  /** Whether keys or tokens are asked for. */
  readonly secured?: boolean;
  /** Versions of a model with their traffic. */
  readonly versionsOf?: VersionsOf;
}

/** All routes of a server. */
export function allRoutes(
  models: Models,
  state: DrainState,
  { more = [], secured = false, versionsOf = async () => [] }: RoutesOptions = {},
): ServedRoute[] {
  const routes: ServedRoute[] = [
    ...predictRoutes(models),
    ...huggingFaceRoutes(models),
    ...openaiRoutes(models),
    ...v2Routes(models, state),
    ...repositoryRoutes(models),
    ...modelRoutes(models, versionsOf),
    ...healthRoutes(models, state),
    ...more,
  ];
  let document: Record<string, unknown> | undefined;
  routes.push(
    ...referenceRoutes(() => {
      document ??= openApi(routes, versions().concord!, secured);
      return document;
    }),
  );
  return routes;
}
