// Gradient descent, with momentum, and Lion (Chen 2023, arXiv:2302.06675). Knows no schedule.

/** p ← p − learningRate·(scale·g + coupled·p) */
export function sgd(p: usize, g: usize, count: i32, gradientScale: f32, coupled: f32, learningRate: f32): void {
  const S = f32x4.splat(gradientScale);
  const C = f32x4.splat(coupled);
  const L = f32x4.splat(learningRate);
  const vectors = count & ~3;
  const end = p + ((<usize>vectors) << 2);
  while (p < end) {
    const p0 = v128.load(p);
    const g0 = f32x4.add(f32x4.mul(v128.load(g), S), f32x4.mul(p0, C));
    v128.store(p, f32x4.sub(p0, f32x4.mul(L, g0)));
    p += 16; g += 16;
  }
  for (let i = vectors; i < count; i++) {
    const x = load<f32>(p);
    store<f32>(p, x - learningRate * (load<f32>(g) * gradientScale + x * coupled));
    p += 4; g += 4;
  }
}

/** g ← scale·g + coupled·p;  b ← momentum·b + mix·g;  p ← p − learningRate·(direct·g + buffered·b) */
export function sgdMomentum(
  p: usize, g: usize, b: usize, count: i32,
  gradientScale: f32, coupled: f32, momentum: f32, mix: f32, direct: f32, buffered: f32, learningRate: f32,
): void {
  const S = f32x4.splat(gradientScale);
  const C = f32x4.splat(coupled);
  const M = f32x4.splat(momentum);
  const X = f32x4.splat(mix);
  const G = f32x4.splat(direct);
  const B = f32x4.splat(buffered);
  const L = f32x4.splat(learningRate);
  const vectors = count & ~3;
  const end = p + ((<usize>vectors) << 2);
  while (p < end) {
    const p0 = v128.load(p);
    const g0 = f32x4.add(f32x4.mul(v128.load(g), S), f32x4.mul(p0, C));
    const b0 = f32x4.add(f32x4.mul(v128.load(b), M), f32x4.mul(g0, X));
    v128.store(b, b0);
    v128.store(p, f32x4.sub(p0, f32x4.mul(L, f32x4.add(f32x4.mul(g0, G), f32x4.mul(b0, B)))));
    p += 16; g += 16; b += 16;
  }
  for (let i = vectors; i < count; i++) {
    const x = load<f32>(p);
    const y = load<f32>(g) * gradientScale + x * coupled;
    const buffer = load<f32>(b) * momentum + y * mix;
    store<f32>(b, buffer);
    store<f32>(p, x - learningRate * (y * direct + buffer * buffered));
    p += 4; g += 4; b += 4;
  }
}

/** g ← scale·g;  p ← decay·p − learningRate·sign(beta1·m + mix1·g);  m ← beta2·m + mix2·g */
export function lion(
  p: usize, g: usize, m: usize, count: i32,
  gradientScale: f32, decay: f32, beta1: f32, mix1: f32, beta2: f32, mix2: f32, learningRate: f32,
): void {
  const S = f32x4.splat(gradientScale);
  const D = f32x4.splat(decay);
  const B1 = f32x4.splat(beta1);
  const X1 = f32x4.splat(mix1);
  const B2 = f32x4.splat(beta2);
  const X2 = f32x4.splat(mix2);
  const L = f32x4.splat(learningRate);
  const O = f32x4.splat(0);
  const vectors = count & ~3;
  const end = p + ((<usize>vectors) << 2);
  while (p < end) {
    const g0 = f32x4.mul(v128.load(g), S);
    const m0 = v128.load(m);
    const u = f32x4.add(f32x4.mul(m0, B1), f32x4.mul(g0, X1));
    const move = f32x4.sub(v128.and(f32x4.gt(u, O), L), v128.and(f32x4.lt(u, O), L));
    v128.store(p, f32x4.sub(f32x4.mul(v128.load(p), D), move));
    v128.store(m, f32x4.add(f32x4.mul(m0, B2), f32x4.mul(g0, X2)));
    p += 16; g += 16; m += 16;
  }
  for (let i = vectors; i < count; i++) {
    const y = load<f32>(g) * gradientScale;
    const old = load<f32>(m);
    const u = old * beta1 + y * mix1;
    const move: f32 = (u > 0 ? learningRate : 0) - (u < 0 ? learningRate : 0);
    store<f32>(p, load<f32>(p) * decay - move);
    store<f32>(m, old * beta2 + y * mix2);
    p += 4; g += 4; m += 4;
  }
}
