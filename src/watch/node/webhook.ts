// Alerts sent to an address, as JSON. A receiver that fails is told of once; answers never wait for it.
import { ConcordError } from "../../base/index.ts";
import type { AlertRecord } from "../records.ts";

/**
 * Sends an alert by POST.
 * @throws E_SERVER where the address does not answer with success within ten seconds
 * @example await sendAlert("https://example.org/hook", alert);
 */
export async function sendAlert(url: string, alert: AlertRecord): Promise<void> {
  const fault = (problem: string, got: string, cause?: unknown) =>
    new ConcordError("E_SERVER", { operation: "send alert", problem, got, path: new URL(url).origin, cause });
  const reply = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(alert),
    redirect: "error",
    signal: AbortSignal.timeout(10_000),
  }).catch((cause: unknown) => {
    throw fault("the address does not answer", cause instanceof Error ? cause.message : String(cause), cause);
  });
  await reply.body?.cancel();
  if (!reply.ok) throw fault("the address did not take the alert", `status ${reply.status}`);
}
