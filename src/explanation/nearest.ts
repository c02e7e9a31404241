// The texts that a model finds most alike: cosine between what its head reads of them. Sees vectors only.

/** A text among others, and how alike it is: 1 for the same direction, −1 for the opposite. */
export interface Near {
  readonly row: number;
  readonly cosine: number;
}

/**
 * The `count` rows nearest to a vector, nearest first; equal ones in their order.
 * @example nearest([1, 0], [[0, 1], [2, 0]], 1) // [{ row: 1, cosine: 1 }]
 */
export function nearest(vector: ArrayLike<number>, rows: readonly ArrayLike<number>[], count: number): Near[] {
  const norm = lengthOf(vector);
  return rows
    .map((other, row) => ({ row, cosine: product(vector, other) / (norm * lengthOf(other) || 1) }))
    .sort((a, b) => b.cosine - a.cosine || a.row - b.row)
    .slice(0, count);
}

function product(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

const lengthOf = (x: ArrayLike<number>): number => Math.sqrt(product(x, x));
