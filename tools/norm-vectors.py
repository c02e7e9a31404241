"""Known-answer vectors of the norm check (docs/rounds.md, Norms of updates), by an implementation of its own: ristretto255 of RFC 9496 and hashing to it
of RFC 9380 in plain Python, projections as plain sums. Nothing here is read from Concord's code.

python3 tools/norm-vectors.py > test/golden/federated/norm.json     (needs: pip install cryptography)
"""
import base64
import hashlib
import json
import math

import cryptography
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)
ONE_MINUS_D_SQ = (1 - D * D) % P
D_MINUS_ONE_SQ = (D - 1) ** 2 % P
K = 128
RUN, ROUND, NAME = "study-of-vectors", 7, "ministry"
b64 = lambda b: base64.b64encode(b).decode()
sha256 = lambda b: hashlib.sha256(b).digest()


def negative(x):
    return x % P & 1


def sqrt_ratio(u, v):
    """RFC 9496, 4.2."""
    r = u * v**3 * pow(u * v**7, (P - 5) // 8, P) % P
    check = v * r * r % P
    right, flipped, flipped_i = check == u % P, check == -u % P, check == -u * SQRT_M1 % P
    if flipped or flipped_i:
        r = r * SQRT_M1 % P
    return right or flipped, P - r if negative(r) else r


SQRT_AD_MINUS_ONE = sqrt_ratio((-D - 1) % P, 1)[1]
SQRT_AD_MINUS_ONE = P - SQRT_AD_MINUS_ONE if SQRT_AD_MINUS_ONE != 25063068953384623474111414158702152701244531502492656460079210482610430750235 else SQRT_AD_MINUS_ONE
INVSQRT_A_MINUS_D = sqrt_ratio(1, (-1 - D) % P)[1]


def add(a, b):
    """Points (x, y, z, t) of the twisted Edwards curve -x² + y² = 1 + d·x²·y²."""
    x1, y1, z1, t1 = a
    x2, y2, z2, t2 = b
    A, B = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    C, E = 2 * D * t1 * t2 % P, 2 * z1 * z2 % P
    e, f, g, h = B - A, E - C, E + C, B + A
    return e * f % P, g * h % P, f * g % P, e * h % P


ZERO = (0, 1, 1, 0)


def times(s, point):
    s %= L
    out = ZERO
    for bit in bin(s)[2:]:
        out = add(out, out)
        if bit == "1":
            out = add(out, point)
    return out


def combine(scalars, points):
    out = ZERO
    for s, p in zip(scalars, points):
        out = add(out, times(s, p))
    return out


def encode(point):
    """RFC 9496, 4.3.2."""
    x, y, z, t = point
    u1, u2 = (z + y) * (z - y) % P, x * y % P
    _, inv = sqrt_ratio(1, u1 * u2 * u2 % P)
    den1, den2 = inv * u1 % P, inv * u2 % P
    z_inv = den1 * den2 * t % P
    if negative(t * z_inv):
        x, y, den = y * SQRT_M1 % P, x * SQRT_M1 % P, den1 * INVSQRT_A_MINUS_D % P
    else:
        den = den2
    if negative(x * z_inv):
        y = -y % P
    s = den * (z - y) % P
    return (P - s if negative(s) else s).to_bytes(32, "little")


def elligator(data):
    """RFC 9496, 4.3.4."""
    t = int.from_bytes(data, "little") % 2**255 % P
    r = SQRT_M1 * t * t % P
    u, v = (r + 1) * ONE_MINUS_D_SQ % P, (-1 - r * D) * (r + D) % P
    square, s = sqrt_ratio(u, v)
    other = s * t % P
    other = other if negative(other) else P - other
    s, c = (s, -1) if square else (other, r)
    n = (c * (r - 1) * D_MINUS_ONE_SQ - v) % P
    w0, w1, w2, w3 = 2 * s * v % P, n * SQRT_AD_MINUS_ONE % P, (1 - s * s) % P, (1 + s * s) % P
    return w0 * w3 % P, w2 * w1 % P, w1 * w3 % P, w0 * w2 % P


def expand(message, dst, length):
    """expand_message_xmd with SHA-512, RFC 9380, 5.3.1."""
    dst = dst + bytes([len(dst)])
    h = lambda b: hashlib.sha512(b).digest()
    b0 = h(bytes(128) + message + length.to_bytes(2, "big") + b"\0" + dst)
    out, last = b"", bytes(64)
    for i in range(1, math.ceil(length / 64) + 1):
        last = h(bytes(a ^ b for a, b in zip(b0, last)) + bytes([i]) + dst)
        out += last
    return out[:length]


def hashed(label):
    data = expand(label.encode(), b"concord-round-norm-v1", 64)
    return add(elligator(data[:32]), elligator(data[32:]))


G = [hashed(f"G {i}") for i in range(K)]
F = [hashed(f"F {i}") for i in range(72 + K)]
H, E = hashed("H"), hashed("E")


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def derive(secret, *use):
    info = json.dumps(["concord", 2, ROUND, *use], separators=(",", ":"), ensure_ascii=False).encode()
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=RUN.encode(), info=info).derive(secret)


def keystream(key, words):
    raw = Cipher(algorithms.AES(key), modes.CTR(bytes(16))).encryptor().update(bytes(4 * words))
    return [int.from_bytes(raw[4 * i : 4 * i + 4], "little") for i in range(words)]


def coefficients(seed, size):
    """128 rows of 0, 1, -1."""
    words = keystream(seed, math.ceil(size / 8) * 64)
    rows = []
    for k in range(K):
        row = []
        for i in range(size):
            half = words[64 * (i // 8) + k // 2] >> (16 * (k % 2))
            counts, minus = half >> (i % 8) & 1, half >> (8 + i % 8) & 1
            row.append((-1 if minus else 1) if counts else 0)
        rows.append(row)
    return rows


def project(rows, words):
    return [sum(r * w for r, w in zip(row, words)) % 2**32 for row in rows]


def number(data):
    return int.from_bytes(data, "little")


def prove(context, bound, p, t, P_, T_, rho, tau, random):
    """Plain words of docs/rounds.md."""
    m = bound.bit_length()
    slack = bound - sum(x * x for x in p)
    assert slack >= 0
    bits = [slack >> i & 1 for i in range(m)]
    masks = [2**112 + random() % 2**112 for _ in range(K)]
    omega = random()
    own = lambda bs, ms, b: combine(bs + ms + [b], F[: len(bs)] + F[72:] + [H])
    W = encode(own(bits, masks, omega))
    state = sha256(context + bound.to_bytes(16, "little") + encode(P_) + encode(T_))
    scalar = lambda: number(sha256(state + b"\0") + sha256(state + b"\1")) % L
    state = sha256(state + W)
    stream = keystream(state, K * 2 * K // 32)
    C = [[stream[(i * 2 * K + k) // 32] >> ((i * 2 * K + k) % 32) & 1 for k in range(2 * K)] for i in range(K)]
    shown = [masks[i] + sum(c * x for c, x in zip(C[i], p + t)) for i in range(K)]
    shown_bytes = b"".join(u.to_bytes(16, "little") for u in shown)
    state = sha256(state + shown_bytes)
    chi = scalar()
    power = [pow(chi, i, L) for i in range(m + K + 1)]
    quad = [1] * K + [0] * K + power[1 : m + 1] + [0] * K
    lin = [sum(power[m + 1 + i] * C[i][k] for i in range(K)) % L for k in range(2 * K)]
    lin += [(2**i - power[1 + i]) % L for i in range(m)] + power[m + 1 :]
    x = p + t + bits + masks
    rest = -bound - sum(power[m + 1 + i] * shown[i] for i in range(K))
    assert (sum(q * v * v + l * v for q, l, v in zip(quad, lin, x)) + rest) % L == 0
    a = [random() for _ in x]
    b = [random() for _ in range(3)]
    d0, d1 = random(), random()
    c0 = sum(q * v * v for q, v in zip(quad, a)) % L
    c1 = sum((2 * q * v + l) * r for q, l, v, r in zip(quad, lin, x, a)) % L
    first = [
        combine(a[:K] + [b[0]], G + [H]),
        combine(a[K : 2 * K] + [b[1]], G + [H]),
        own(a[2 * K : 2 * K + m], a[2 * K + m :], b[2]),
        combine([c0, d0], [E, H]),
        combine([c1, d1], [E, H]),
    ]
    first = b"".join(encode(f) for f in first)
    state = sha256(state + first)
    e = scalar()
    z = [(r + e * v) % L for r, v in zip(a + b + [d0], x + [rho, tau, omega, d1])]
    return W + shown_bytes + first + b"".join(v.to_bytes(32, "little") for v in z)


def main():
    size, parties, norm, bound = 37, 3, 0.5, 16.0
    seed, view = sha256(b"seed of vectors"), sha256(b"view of vectors").hex()
    secrets = {n: sha256(f"secret {n}".encode()) for n in ["self", "hospital", "university"]}
    update = [math.sin(i) / 16 for i in range(size)]
    steps = (2**31 - 1) // parties - 1
    x = [math.floor(v * steps / bound + 0.5) for v in update]
    masks = {n: keystream(derive(s, "mask", "w"), size) for n, s in secrets.items()}
    sign = {"self": 1, "hospital": -1, "university": 1}  # who of a pair comes first adds
    words = [(x[i] + sum(sign[n] * masks[n][i] for n in masks)) % 2**32 for i in range(size)]
    rows = coefficients(seed, size)
    V = project(rows, words)
    projected = {n: project(rows, m) for n, m in masks.items()}
    blind = {n: number(derive(s, "norm", b64(seed), 0) + derive(s, "norm", b64(seed), 1)) % L for n, s in secrets.items()}
    commitments = {n: combine(projected[n] + [blind[n]], G + [H]) for n in secrets}
    p, t = [], []
    for k in range(K):
        v = V[k] - sum(sign[n] * projected[n][k] for n in masks)
        turns = -((v + 2**31) // 2**32)
        p.append(v + turns * 2**32)
        t.append(turns)
    assert p == [sum(r * v for r, v in zip(row, x)) for row in rows]
    counter = [0]

    def random():
        counter[0] += 1
        return number(hashlib.sha512(f"random {counter[0]}".encode()).digest()) % L

    tau = random()
    turns = combine(t + [tau], G + [H])
    rho = (sum(-sign[n] * blind[n] for n in blind) + (tau << 32)) % L
    whole = combine(p + [rho], G + [H])
    c = norm * steps / bound + math.sqrt(size)
    most = math.ceil(148 * c * c)
    answer = {
        "self": b64(encode(commitments["self"])),
        "pairs": {n: b64(encode(commitments[n])) for n in ["hospital", "university"]},
        "turns": b64(encode(turns)),
    }
    context = sha256(canonical(["norm", RUN, ROUND, NAME, view, b64(seed), answer["self"], answer["pairs"], answer["turns"]]))
    proof = prove(context, most, p, t, whole, turns, rho, tau, random)
    out = {
        "provenance": f"tools/norm-vectors.py, plain Python, with cryptography {cryptography.__version__} for AES and HKDF",
        "run": RUN,
        "round": ROUND,
        "name": NAME,
        "view": view,
        "seed": seed.hex(),
        "norm": norm,
        "parties": parties,
        "part": {"name": "w", "size": size, "kind": "real", "bound": bound},
        "bound": str(most),
        "secrets": {n: s.hex() for n, s in secrets.items()},
        "words": words,
        "projections": {"words": V, **projected},
        "generators": {"G 0": encode(G[0]).hex(), "F 199": encode(F[199]).hex(), "H": encode(H).hex(), "E": encode(E).hex()},
        "answer": {**answer, "proof": b64(proof)},
    }
    print(json.dumps(out, indent=1))


main()
