// Adam and AdamW, one pass over parameter, gradient and both moments. Knows no schedule and no bias correction: the caller
// folds them into `stepSize` = lr·√c₂/c₁ and `epsilon` = ε·√c₂, which moves the division by √c₂ out of the loop.

/**
 * g ← scale·g + coupled·p;  m ← m + mix1·(g − m);  v ← beta2·v + mix2·g²;  p ← decay·p − stepSize·m / (√v + epsilon)
 */
export function adam(
  p: usize, g: usize, m: usize, v: usize, count: i32,
  gradientScale: f32, decay: f32, coupled: f32, mix1: f32, beta2: f32, mix2: f32, stepSize: f32, epsilon: f32,
): void {
  const S = f32x4.splat(gradientScale);
  const D = f32x4.splat(decay);
  const C = f32x4.splat(coupled);
  const A = f32x4.splat(mix1);
  const B = f32x4.splat(beta2);
  const E = f32x4.splat(mix2);
  const L = f32x4.splat(stepSize);
  const Z = f32x4.splat(epsilon);
  const vectors = count & ~7;
  const end = p + ((<usize>vectors) << 2);
  while (p < end) {
    const p0 = v128.load(p);
    const p1 = v128.load(p, 16);
    const g0 = f32x4.add(f32x4.mul(v128.load(g), S), f32x4.mul(p0, C));
    const g1 = f32x4.add(f32x4.mul(v128.load(g, 16), S), f32x4.mul(p1, C));
    const o0 = v128.load(m);
    const o1 = v128.load(m, 16);
    const m0 = f32x4.add(o0, f32x4.mul(A, f32x4.sub(g0, o0)));
    const m1 = f32x4.add(o1, f32x4.mul(A, f32x4.sub(g1, o1)));
    const v0 = f32x4.add(f32x4.mul(v128.load(v), B), f32x4.mul(f32x4.mul(g0, g0), E));
    const v1 = f32x4.add(f32x4.mul(v128.load(v, 16), B), f32x4.mul(f32x4.mul(g1, g1), E));
    const s0 = f32x4.div(f32x4.mul(L, m0), f32x4.add(f32x4.sqrt(v0), Z));
    const s1 = f32x4.div(f32x4.mul(L, m1), f32x4.add(f32x4.sqrt(v1), Z));
    v128.store(m, m0);
    v128.store(m, m1, 16);
    v128.store(v, v0);
    v128.store(v, v1, 16);
    v128.store(p, f32x4.sub(f32x4.mul(p0, D), s0));
    v128.store(p, f32x4.sub(f32x4.mul(p1, D), s1), 16);
    p += 32; g += 32; m += 32; v += 32;
  }
  for (let i = vectors; i < count; i++) {
    const x = load<f32>(p);
    const y = load<f32>(g) * gradientScale + x * coupled;
    const old = load<f32>(m);
    const first = old + mix1 * (y - old);
    const second = load<f32>(v) * beta2 + y * y * mix2;
    store<f32>(m, first);
    store<f32>(v, second);
    store<f32>(p, x * decay - (stepSize * first) / (sqrt<f32>(second) + epsilon));
    p += 4; g += 4; m += 4; v += 4;
  }
}

/** AMSGrad (Reddi 2018): as adam, with `top` ← max(top, v) under the root. NaN in either operand stays. */
export function adamMaximum(
  p: usize, g: usize, m: usize, v: usize, top: usize, count: i32,
  gradientScale: f32, decay: f32, coupled: f32, mix1: f32, beta2: f32, mix2: f32, stepSize: f32, epsilon: f32,
): void {
  const S = f32x4.splat(gradientScale);
  const D = f32x4.splat(decay);
  const C = f32x4.splat(coupled);
  const A = f32x4.splat(mix1);
  const B = f32x4.splat(beta2);
  const E = f32x4.splat(mix2);
  const L = f32x4.splat(stepSize);
  const Z = f32x4.splat(epsilon);
  const vectors = count & ~3;
  const end = p + ((<usize>vectors) << 2);
  while (p < end) {
    const p0 = v128.load(p);
    const g0 = f32x4.add(f32x4.mul(v128.load(g), S), f32x4.mul(p0, C));
    const o0 = v128.load(m);
    const m0 = f32x4.add(o0, f32x4.mul(A, f32x4.sub(g0, o0)));
    const v0 = f32x4.add(f32x4.mul(v128.load(v), B), f32x4.mul(f32x4.mul(g0, g0), E));
    const t0 = f32x4.max(v128.load(top), v0);
    v128.store(m, m0);
    v128.store(v, v0);
    v128.store(top, t0);
    v128.store(p, f32x4.sub(f32x4.mul(p0, D), f32x4.div(f32x4.mul(L, m0), f32x4.add(f32x4.sqrt(t0), Z))));
    p += 16; g += 16; m += 16; v += 16; top += 16;
  }
  for (let i = vectors; i < count; i++) {
    const x = load<f32>(p);
    const y = load<f32>(g) * gradientScale + x * coupled;
    const old = load<f32>(m);
    const first = old + mix1 * (y - old);
    const second = load<f32>(v) * beta2 + y * y * mix2;
    const most = max<f32>(load<f32>(top), second);
    store<f32>(m, first);
    store<f32>(v, second);
    store<f32>(top, most);
    store<f32>(p, x * decay - (stepSize * first) / (sqrt<f32>(most) + epsilon));
    p += 4; g += 4; m += 4; v += 4; top += 4;
  }
}
