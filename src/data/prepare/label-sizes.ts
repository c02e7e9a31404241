// Labels that are no classes: nearly every row has its own. Pure.

/** More different labels than this share of the rows are no classes. */
const nearlyUnique = 0.5;

/** Whether labels are so many that they name rows. @example isNearlyUnique(300, 300) // true */
export const isNearlyUnique = (labels: number, rows: number): boolean => rows >= 4 && labels > nearlyUnique * rows;

/** What is said of such labels. */
export const uniqueRemark = (labels: number, rows: number): string =>
  `the label has ${labels} different values in ${rows} rows: it looks like an id`;
