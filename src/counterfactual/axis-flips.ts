// What the moved answers of one axis amount to: shares and means with intervals over texts or units, and what is beyond neutral rewording.
import { meanInterval, shareInterval } from "../eval/index.ts";

/** Without ends where one unit alone tells nothing of others. */
interface Share {
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
}

/** What became of one text on one axis. */
export interface MovedText {
  /** Whether the answer to some counterfactual is another. */
  readonly flipped: boolean;
  /** Largest change of a score. */
  readonly change: number;
  /** Counterfactuals of the text, the share of them whose answer is another, and their mean change of a score. */
  readonly pairs: number;
  readonly flippedShare: number;
  readonly meanChange: number;
  /** Of the text in neutral other words; absent where it has no neutral words. */
  readonly placebo?: { readonly flipped: boolean; readonly change: number };
  /** Unit (patient) of the text. */
  readonly cluster?: string;
}

/** What one axis showed. */
export interface AxisFlips {
  /** Texts with a word of the axis, and their counterfactuals. */
  readonly texts: number;
  readonly pairs: number;
  /** Share of these texts whose answer changes in some counterfactual. Absent for numbers. */
  readonly flipRate?: Share;
  /** Mean over texts of the largest change of a score. */
  readonly change: Share;
  readonly placebo?: PlaceboFlips;
}

/**
 * The same texts with as many neutral words exchanged, where they have such words, and what counterfactuals do beyond: of a text the mean
 * of its counterfactuals less its rewording. Intervals by Student's t over units.
 */
export interface PlaceboFlips {
  readonly texts: number;
  readonly flipRate?: Share;
  readonly change: Share;
  readonly flipsBeyond?: Share;
  readonly changeBeyond: Share;
  /** Independent units (patients, or texts). */
  readonly units: number;
  /**
   * Whether answers depend on the axis: the interval of what is beyond neutral rewording, of flips or of scores (then each of 97.5 %),
   * lies above 0. "too few" under {@link fewestUnits} units.
   */
  readonly verdict: "depends" | "not shown" | "too few";
}

/** @param all one entry a text @param flips false for numbers, which have no answer that could flip */
export function axisFlips(all: readonly MovedText[], flips: boolean): AxisFlips {
  const reworded = all.filter((text): text is Reworded => text.placebo !== undefined);
  return {
    texts: all.length,
    pairs: all.reduce((sum, { pairs }) => sum + pairs, 0),
    ...(flips ? { flipRate: share(all, (text) => text.flipped) } : {}),
    change: mean(all, (text) => text.change),
    ...(reworded.length ? { placebo: beside(reworded, flips) } : {}),
  };
}

type Reworded = MovedText & Required<Pick<MovedText, "placebo">>;

/** Units from which on a verdict is given. */
export const fewestUnits = 10;

function beside(texts: readonly Reworded[], flips: boolean): PlaceboFlips {
  const confidence = flips ? 0.975 : 0.95;
  const changeBeyond = mean(texts, (text) => text.meanChange - text.placebo.change, confidence);
  const flipsBeyond = flips
    ? mean(texts, (text) => text.flippedShare - Number(text.placebo.flipped), confidence)
    : undefined;
  const units = new Set<string | number>(unitsOf(texts) ?? texts.keys()).size;
  const depends = [changeBeyond, flipsBeyond].some((interval) => interval?.low !== undefined && interval.low > 0);
  return {
    texts: texts.length,
    units,
    ...(flips ? { flipRate: share(texts, (text) => text.placebo.flipped) } : {}),
    change: mean(texts, (text) => text.placebo.change),
    ...(flipsBeyond ? { flipsBeyond } : {}),
    changeBeyond,
    verdict: units < fewestUnits ? "too few" : depends ? "depends" : "not shown",
  };
}

const unitsOf = (texts: readonly MovedText[]) =>
  texts.some(({ cluster }) => cluster !== undefined)
    ? texts.map(({ cluster }, i) => cluster ?? `text ${i}`)
    : undefined;

function share<Text extends MovedText>(texts: readonly Text[], hit: (text: Text) => boolean): Share {
  const {
    estimate: value,
    low,
    high,
  } = shareInterval(
    texts.map((text) => Number(hit(text))),
    unitsOf(texts),
  );
  return { value, low, high };
}

function mean<Text extends MovedText>(texts: readonly Text[], of: (text: Text) => number, confidence?: number): Share {
  const { estimate: value, low, high } = meanInterval(texts.map(of), unitsOf(texts), confidence);
  return Number.isFinite(low) ? { value, low, high } : { value };
}
