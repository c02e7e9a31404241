// Short words for lists of parameters.
import type { ParameterSpec } from "./model.ts";

/** Lists parameters under a prefix, with the initialisation that the BERT family shares: normal(0, std), zeros, ones. */
export function specs(std: number) {
  const one = (
    name: string,
    shape: readonly number[],
    initial: ParameterSpec["initial"],
    head = false,
    linear = false,
  ): ParameterSpec => ({ name, shape, initial, linear, head });
  return {
    matrix: (name: string, rows: number, columns: number, head = false) =>
      one(name, [rows, columns], { kind: "normal", std }, head, true),
    linear: (name: string, outs: number, ins: number, head = false, bias = true) => [
      one(`${name}.weight`, [outs, ins], { kind: "normal", std }, head, true),
      ...(bias ? [one(`${name}.bias`, [outs], { kind: "zeros" }, head)] : []),
    ],
    norm: (name: string, width: number, head = false) => [
      one(`${name}.weight`, [width], { kind: "ones" }, head),
      one(`${name}.bias`, [width], { kind: "zeros" }, head),
    ],
    scale: (name: string, width: number) => one(`${name}.weight`, [width], { kind: "ones" }),
    table: (name: string, rows: number, width: number, zeroRow?: number) =>
      one(`${name}.weight`, [rows, width], { kind: "normal", std, zeroRow }),
    ones: (name: string, width: number) => one(name, [width], { kind: "ones" }),
    vector: (name: string, width: number, head = false) => one(name, [width], { kind: "zeros" }, head),
    array: (name: string, shape: readonly number[]) => one(name, shape, { kind: "normal", std }),
  };
}
