// Row scatter: the gradient of an embedding look-up. In the order of the rows, so that sums of duplicates are repeatable.

/** table[index[i]] ← table[index[i]] + a·rows[i], i ascending. Indices must be in range: the caller checks them. */
export function addRows(table: usize, indices: usize, rows: usize, rowCount: i32, width: i32, a: f32): void {
  const A = f32x4.splat(a);
  const rowBytes = (<usize>width) << 2;
  const vectors = width & ~3;
  for (let i = 0; i < rowCount; i++) {
    let y = table + (<usize>load<u32>(indices)) * rowBytes;
    let x = rows;
    const end = y + ((<usize>vectors) << 2);
    while (y < end) {
      v128.store(y, f32x4.add(v128.load(y), f32x4.mul(A, v128.load(x))));
      y += 16; x += 16;
    }
    for (let j = vectors; j < width; j++) {
      store<f32>(y, load<f32>(y) + a * load<f32>(x));
      y += 4; x += 4;
    }
    indices += 4;
    rows += rowBytes;
  }
}
