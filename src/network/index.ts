// What rounds need of a network and a disk: a journal, TLS with certificates, and the hosts of both sides. Knows no model.
export { openBlobs, writeSecret } from "./blobs.ts";
export { CoordinatorHost, type CoordinatorHostOptions, defaultWaits, type Waits } from "./hosts/coordinator-host.ts";
export { type Enrolment, enrol } from "./hosts/enrol.ts";
export {
  type Invitation,
  type Member,
  type Members,
  openMembers,
  readInvitation,
  readRecord,
} from "./hosts/enrolment.ts";
export {
  type Consent,
  type ParticipantEnd,
  ParticipantHost,
  type ParticipantHostOptions,
} from "./hosts/participant-host.ts";
export { openStudyServer, type ServedBeside, type StudyServer, type StudyServerOptions } from "./hosts/study-server.ts";
export { type Journal, openJournal } from "./journal.ts";
export {
  type Credentials,
  fingerprintOf,
  issueCertificate,
  makeAuthority,
  requestCertificate,
  serverCredentials,
} from "./transport/certificates.ts";
export { interrupted, type Link, type LinkOptions, openLink } from "./transport/client.ts";
export { defaultLimits, type Limits } from "./transport/limits.ts";
