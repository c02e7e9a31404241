// What a sampler is: a function of the space, the trials so far, and a stream of random numbers.
import type { Random } from "../../base/index.ts";
import type { Point, Space } from "../space.ts";
import type { Trial } from "../trials.ts";

/** The next point to try; undefined when all were (a grid). The same arguments give the same point. */
export type Sampler = (space: Space, history: readonly Trial[], random: Random) => Point | undefined;
