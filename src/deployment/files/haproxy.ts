// HAProxy in front of several replicas: the one with fewest requests answers, one that is not ready is left out.

export interface BalancerOptions {
  /** Where it listens. */
  readonly bind: string;
  /** Addresses of the replicas. */
  readonly servers: readonly string[];
  /** Looks names up again, as container networks need. Default none: addresses are numbers. */
  readonly resolver?: string;
}

/**
 * The configuration. A replica that stops says 503 at /health/ready first and gets no new request; a request whose connection fails before
 * it was sent is given to another replica.
 */
export function haproxyConfig({ bind, servers, resolver }: BalancerOptions): string {
  const lookup = resolver ? " resolvers names init-addr none" : "";
  const names = resolver ? `\nresolvers names\n  nameserver first ${resolver}\n  hold valid 5s\n` : "";
  return `global
  maxconn 4096

defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  timeout queue 10s
  retries 2
  retry-on conn-failure empty-response
  option redispatch
  option http-buffer-request
  option forwardfor
  option httplog
  log stdout format raw local0
${names}
frontend public
  bind ${bind}
  default_backend replicas

backend replicas
  balance leastconn
  option httpchk
  http-check send meth GET uri /health/ready
  http-check expect status 200
  default-server check inter 200ms fall 1 rise 1${lookup}
${servers.map((address, i) => `  server replica-${i + 1} ${address}`).join("\n")}
`;
}
