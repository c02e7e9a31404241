// Parties of a study as processes: their folders, and what each of them does until the study ends.
export { type CoordinateOptions, type CoordinatorNews, coordinate } from "./coordinate.ts";
export {
  initCoordinator,
  openCoordinatorFolder,
  proposeInFolder,
  readEnrolment,
  storedStudy,
  writeAnswer,
} from "./folders.ts";
export { enrolMember, type ParticipantNews, type TakePartOptions, takePart } from "./take-part.ts";
