// A span for each request, by OpenTelemetry's interface alone: whoever starts the process with an SDK receives them. The door to the package.
import { context, ProxyTracerProvider, propagation, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";

/** Whether an SDK is there that receives spans. */
function traced(): boolean {
  const provider = trace.getTracerProvider();
  return !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer("concord") !== undefined;
}

/**
 * Runs a request inside a span, as a child of the span that its headers name.
 * @param route address with parameters in braces
 */
export async function inSpan<T>(
  method: string,
  route: string,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  work: () => Promise<T>,
): Promise<T> {
  if (!traced()) return await work();
  const parent = propagation.extract(context.active(), headers);
  const attributes = { "http.request.method": method, "http.route": route };
  const options = { kind: SpanKind.SERVER, attributes };
  return await trace.getTracer("concord").startActiveSpan(`${method} ${route}`, options, parent, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}
