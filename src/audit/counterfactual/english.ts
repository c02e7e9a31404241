// English words that name who a text is about, as pairs and sets that can stand for each other. Lists are short on purpose:
// common words without a second meaning; "black" and "white" are colours as often as people and are not here.

/** Each word stands for the other, in any case; he, she and their forms have rules of their own in swap.ts. */
export const englishPairs: readonly (readonly [string, string])[] = [
  ["he", "she"],
  ["himself", "herself"],
  ["man", "woman"],
  ["men", "women"],
  ["boy", "girl"],
  ["boys", "girls"],
  ["male", "female"],
  ["males", "females"],
  ["gentleman", "lady"],
  ["gentlemen", "ladies"],
  ["father", "mother"],
  ["fathers", "mothers"],
  ["dad", "mum"],
  ["daddy", "mummy"],
  ["son", "daughter"],
  ["sons", "daughters"],
  ["brother", "sister"],
  ["brothers", "sisters"],
  ["husband", "wife"],
  ["boyfriend", "girlfriend"],
  ["uncle", "aunt"],
  ["nephew", "niece"],
  ["grandfather", "grandmother"],
  ["grandpa", "grandma"],
  ["grandson", "granddaughter"],
  ["mr", "mrs"],
  ["sir", "madam"],
  ["waiter", "waitress"],
  ["actor", "actress"],
  ["james", "mary"],
  ["john", "patricia"],
  ["robert", "jennifer"],
  ["michael", "linda"],
  ["david", "elizabeth"],
  ["william", "barbara"],
  ["richard", "susan"],
  ["thomas", "jessica"],
  ["daniel", "karen"],
  ["matthew", "sarah"],
  ["peter", "emma"],
  ["tom", "anna"],
];

/** Words that lead to the same place though they have no partner of their own: `mom` becomes `dad`, which becomes `mum`. */
export const englishOneWay: readonly (readonly [string, string])[] = [
  ["mom", "dad"],
  ["mommy", "daddy"],
  ["ms", "mr"],
  ["miss", "mr"],
];

/** Sets in which each word stands for every other. */
export const englishSets = {
  religion: ["christian", "muslim", "jewish", "buddhist", "hindu"],
  origin: ["american", "chinese", "mexican", "nigerian", "indian", "russian", "british"],
  orientation: ["gay", "straight", "bisexual"],
  names: ["emily", "lakisha", "fatima", "mei", "guadalupe", "priya"],
} as const;

/** After "her" these show that it is an object (him), not a possessive (his). */
export const afterObject: ReadonlySet<string> = new Set(
  "a an the and or but if that this to in on at for from with without of by as about into over after before when while because since so than then there here again now today yesterday tomorrow tonight too also not yesterday's is was are were has had will would can could should may might must who what where why how very up down out off away back i you he she it we they me us them yet once twice during until".split(
    " ",
  ),
);
