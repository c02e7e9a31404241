// A member enrols: it looks whose certificate answers before it says the code's secret, and comes back with a certificate of its own.
import { X509Certificate } from "node:crypto";
import { connect } from "node:tls";
import { ConcordError } from "../../base/index.ts";
import type { Identity } from "../../federated/index.ts";
import { fingerprintOf, requestCertificate, serverName } from "../transport/certificates.ts";
import { openLink } from "../transport/client.ts";
import type { Limits } from "../transport/limits.ts";
import { enrolmentRequest, type Invitation } from "./enrolment.ts";

/** What a member keeps of its enrolment. */
export interface Enrolment {
  readonly name: string;
  readonly address: string;
  readonly coordinator: { readonly name: string; readonly key: string };
  /** PEM. */
  readonly authority: string;
  readonly certificate: string;
  /** PEM, of the certificate. */
  readonly key: string;
}

/**
 * Enrols with a one-time code.
 * @throws E_SIGNATURE where another coordinator answers than the code names, or the code is refused; E_SERVER where none answers
 * @example const enrolment = await enrol(readInvitation(code), { key, sign }, { limits: defaultLimits });
 */
export async function enrol(
  invitation: Invitation,
  identity: Pick<Identity, "sign"> & { readonly key: string },
  { limits, signal }: { readonly limits: Limits; readonly signal?: AbortSignal },
): Promise<Enrolment> {
  const { name, address } = invitation;
  const authority = await authorityAt(invitation);
  const { request, key } = await requestCertificate(name);
  const link = openLink({ address, authority, limits, signal });
  try {
    const { certificate, coordinator } = await link.post("/v1/enrol", enrolmentRequest(invitation, identity, request));
    const { name: of, key: theirs } = (coordinator ?? {}) as Record<string, unknown>;
    if (typeof certificate !== "string" || typeof of !== "string" || typeof theirs !== "string")
      throw new ConcordError("E_SERVER", { operation: "enrol", problem: "the coordinator's answer is no enrolment" });
    return { name, address, coordinator: { name: of, key: theirs }, authority, certificate, key };
  } finally {
    link.close();
  }
}

/** The certificate that the code names, from the chain that the server shows; nothing is sent. */
function authorityAt({ address, authority }: Invitation): Promise<string> {
  const { hostname, port } = new URL(`https://${address}`);
  return new Promise((resolve, reject) => {
    const unreachable = (cause: unknown) =>
      reject(
        new ConcordError("E_SERVER", {
          operation: "enrol",
          problem: "the coordinator cannot be reached",
          got: (cause as Error).message,
          path: address,
          cause,
        }),
      );
    const socket = connect(
      {
        host: hostname.replace(/^\[|\]$/g, ""),
        port: Number(port),
        servername: serverName,
        minVersion: "TLSv1.3",
        rejectUnauthorized: false,
        timeout: 15_000,
      },
      () => {
        const { raw } = socket.getPeerCertificate(true).issuerCertificate ?? {};
        socket.destroy();
        if (raw && fingerprintOf(raw) === authority) return resolve(new X509Certificate(raw).toString());
        reject(
          new ConcordError("E_SIGNATURE", {
            operation: "enrol",
            problem: "another coordinator answers than the code names",
            expected: `authority ${authority}`,
            got: raw ? fingerprintOf(raw) : "none",
          }),
        );
      },
    );
    socket.on("error", unreachable);
    socket.on("timeout", () => socket.destroy(new Error("no answer in 15 s")));
  });
}
