// Rewards that need a network.
export { endpointReward } from "./endpoint.ts";
