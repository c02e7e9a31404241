// Sizes of axes: numbers, or symbols (`B`, `S`, `T`) and their products (`B*S`) and sums (`(S+1)`), all as canonical text.

/** A size known while tracing (number) or only when running (canonical symbolic text such as `12*B*S`). */
export type Dim = number | string;

interface Monomial {
  factor: number;
  atoms: string[];
}

function parse(dim: Dim): Monomial {
  if (typeof dim === "number") return { factor: dim, atoms: [] };
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i <= dim.length; i++) {
    if (dim[i] === "(") depth++;
    else if (dim[i] === ")") depth--;
    else if (i === dim.length || (dim[i] === "*" && depth === 0)) {
      parts.push(dim.slice(start, i));
      start = i + 1;
    }
  }
  const numeric = parts.filter((p) => /^-?\d+$/.test(p)).map(Number);
  return { factor: numeric.reduce((a, b) => a * b, 1), atoms: parts.filter((p) => !/^-?\d+$/.test(p)).sort() };
}

function format({ factor, atoms }: Monomial): Dim {
  if (atoms.length === 0 || factor === 0) return factor;
  return [...(factor === 1 ? [] : [String(factor)]), ...[...atoms].sort()].join("*");
}

/** Product of sizes. @example mulDims("B", 4, "S") // "4*B*S" */
export function mulDims(...dims: readonly Dim[]): Dim {
  const parsed = dims.map(parse);
  return format({ factor: parsed.reduce((a, m) => a * m.factor, 1), atoms: parsed.flatMap((m) => m.atoms) });
}

/** Exact quotient, or undefined where `b` does not divide `a` for every value of the symbols. */
export function divDims(a: Dim, b: Dim): Dim | undefined {
  const x = parse(a);
  const y = parse(b);
  const atoms = [...x.atoms];
  for (const atom of y.atoms) {
    const at = atoms.indexOf(atom);
    if (at < 0) return undefined;
    atoms.splice(at, 1);
  }
  return y.factor !== 0 && x.factor % y.factor === 0 ? format({ factor: x.factor / y.factor, atoms }) : undefined;
}

/** Sum of two sizes. @example addDims("S", 1) // "(S+1)" */
export function addDims(a: Dim, b: Dim): Dim {
  if (typeof a === "number" && typeof b === "number") return a + b;
  if (a === 0) return b;
  if (b === 0) return a;
  const x = parse(a);
  const y = parse(b);
  if (x.atoms.join("*") === y.atoms.join("*")) return format({ factor: x.factor + y.factor, atoms: x.atoms });
  return `(${[String(a), String(b)].sort((p, q) => Number(/^-?\d/.test(p)) - Number(/^-?\d/.test(q)) || (p < q ? -1 : 1)).join("+")})`;
}

/** Value of a size once its symbols are bound. @throws RangeError for an unbound symbol */
export function evalDim(dim: Dim, symbols: ReadonlyMap<string, number>): number {
  const { factor, atoms } = parse(dim);
  return atoms.reduce((product, atom) => product * evalAtom(atom, symbols), factor);
}

function evalAtom(atom: string, symbols: ReadonlyMap<string, number>): number {
  if (atom.startsWith("(")) return sumParts(atom).reduce<number>((sum, part) => sum + evalDim(part, symbols), 0);
  const value = symbols.get(atom);
  if (value === undefined) throw new RangeError(`size ${atom} is not bound by any input`);
  return value;
}

/** Parts of a sum atom `(a+b)`. */
export function sumParts(atom: string): Dim[] {
  const parts: Dim[] = [];
  let depth = 0;
  let start = 1;
  for (let i = 1; i < atom.length; i++) {
    if (atom[i] === "(") depth++;
    else if (atom[i] === ")" && i < atom.length - 1) depth--;
    else if (i === atom.length - 1 || (atom[i] === "+" && depth === 0)) {
      const text = atom.slice(start, i);
      parts.push(/^-?\d+$/.test(text) ? Number(text) : text);
      start = i + 1;
    }
  }
  return parts;
}

/** Numeric factor and symbolic atoms of a size, for lowering. */
export const dimFactors: (dim: Dim) => { readonly factor: number; readonly atoms: readonly string[] } = parse;

/** Product of all sizes of a shape. */
export const sizeOfDims = (shape: readonly Dim[]): Dim => mulDims(...shape);

/** Shape that several shapes broadcast to (NumPy rules), or undefined where they do not. */
export function broadcastShapes(...shapes: readonly (readonly Dim[])[]): Dim[] | undefined {
  const rank = Math.max(0, ...shapes.map((s) => s.length));
  const out: Dim[] = [];
  for (let i = 0; i < rank; i++) {
    let size: Dim = 1;
    for (const shape of shapes) {
      const d = shape[i - (rank - shape.length)] ?? 1;
      if (d === 1 || d === size) continue;
      if (size !== 1) return undefined;
      size = d;
    }
    out.push(size);
  }
  return out;
}

/** True when two shapes are the same sizes. */
export const sameShape = (a: readonly Dim[], b: readonly Dim[]): boolean =>
  a.length === b.length && a.every((d, i) => d === b[i]);

/** Text of a type as errors and the printer show it: `float32[B,128]`. */
export const typeText = (t: { readonly dtype: string; readonly shape: readonly Dim[] }): string =>
  `${t.dtype}[${t.shape.join(",")}]`;
