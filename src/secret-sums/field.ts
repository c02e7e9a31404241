// The field of 65,536 elements: GF(2)[x] modulo x¹⁶ + x¹² + x³ + x + 1. Large enough for a share of each of 65,535 parties.

const order = 65535;
const tables = makeTables();

function makeTables() {
  const exp = new Uint16Array(2 * order);
  const log = new Uint16Array(65536);
  let x = 1;
  for (let i = 0; i < order; i++) {
    exp[i] = x;
    exp[i + order] = x;
    log[x] = i;
    x <<= 1; // the polynomial is primitive: powers of x are all elements but 0
    if (x & 0x10000) x ^= 0x1100b;
  }
  return { exp, log };
}

/** a · b. Addition and subtraction are `^`. */
export function times(a: number, b: number): number {
  if (a === 0 || b === 0) return 0;
  return tables.exp[tables.log[a]! + tables.log[b]!]!;
}

/** a / b. @throws RangeError for b = 0 */
export function over(a: number, b: number): number {
  if (b === 0) throw new RangeError("division by zero in GF(65536)");
  if (a === 0) return 0;
  return tables.exp[tables.log[a]! + order - tables.log[b]!]!;
}
