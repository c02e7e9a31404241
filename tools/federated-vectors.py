"""Known-answer vectors of the round protocol (docs/rounds.md), by an implementation of its own: nothing here is read from Concord's code.

python3 tools/federated-vectors.py > test/golden/federated/vectors.json     (needs: pip install cryptography)

Three parties, one of which drops after its words were masked by the others' keys; and nine with six neighbours each. Every secret comes from a seed by SHA-256.
"""
import base64
import hashlib
import json
import math

import cryptography
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

RUN, ROUND = "study-of-vectors", 7
THRESHOLD = 2
NAMES = ["hospital", "ministry", "university"]
PARTS = [
    {"name": "encoder.weight", "size": 5, "kind": "real", "bound": 0.5},
    {"name": "head 头 \"b\"", "size": 3, "kind": "real", "bound": 2},
    {"name": "examples", "size": 1, "kind": "count", "bound": 100},
    {"name": "right", "size": 2, "kind": "count", "bound": 1000},
]
b64 = lambda b: base64.b64encode(b).decode()


def seed(*parts):
    return hashlib.sha256("/".join(("concord vectors",) + parts).encode()).digest()


def canonical(value):
    """RFC 8785 for what occurs here: ASCII names, whole numbers, text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def hkdf(secret, *use):
    info = json.dumps(["concord", 2, ROUND, *use], separators=(",", ":"), ensure_ascii=False).encode()
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=RUN.encode(), info=info).derive(secret)


def keystream(key, words):
    enc = Cipher(algorithms.AES(key), modes.CTR(bytes(16))).encryptor()
    raw = enc.update(bytes(4 * words))
    return [int.from_bytes(raw[4 * i : 4 * i + 4], "little") for i in range(words)]


def public(secret):
    return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


def agree(secret, key):
    return X25519PrivateKey.from_private_bytes(secret).exchange(X25519PublicKey.from_public_bytes(key))


# GF(2)[x] / (x^16 + x^12 + x^3 + x + 1), by shifting and adding: no table
def times(a, b):
    r = 0
    while b:
        if b & 1:
            r ^= a
        a <<= 1
        if a & 0x10000:
            a ^= 0x1100B
        b >>= 1
    return r


def inverse(a):
    r, e = 1, 65534
    while e:
        if e & 1:
            r = times(r, a)
        a = times(a, a)
        e >>= 1
    return r


def symbols(raw):
    return [raw[2 * k] | raw[2 * k + 1] << 8 for k in range(16)]


def unsymbols(s):
    return b"".join(x.to_bytes(2, "little") for x in s)


def split(secret, coefficients, parties):
    """coefficients: symbols of x^1 (16 of them), x^2, ... : as the keystream's bytes give them."""
    shares = []
    for x in range(1, parties + 1):
        out = []
        for k, s in enumerate(symbols(secret)):
            y, power = s, 1
            for d in range(len(coefficients) // 16):
                power = times(power, x)
                y ^= times(coefficients[16 * d + k], power)
            out.append(y)
        shares.append(unsymbols(out))
    return shares


def join(shares):
    out = [0] * 16
    for x, share in shares.items():
        w = 1
        for other in shares:
            if other != x:
                w = times(w, times(other, inverse(other ^ x)))
        out = [o ^ times(w, y) for o, y in zip(out, symbols(share))]
    return unsymbols(out)


def commit(use, secret):
    return hashlib.sha256(canonical([RUN, ROUND, use]) + secret).hexdigest()


def seal(key, plain, frm, to):
    return AESGCM(key).encrypt(bytes(12), plain, canonical([RUN, ROUND, frm, to]))


def draws(name, n):
    """Uniform numbers of 32 bits in [0, 1)."""
    raw = b"".join(seed("draw", name, str(i)) for i in range(n))
    return [int.from_bytes(raw[32 * i : 32 * i + 4], "little") / 2**32 for i in range(n)]


def encode(values, uniform, parties, weight):
    largest = (2**31 - 1) // parties
    words, at = [], 0
    for part in PARTS:
        for x in values[part["name"]]:
            if part["kind"] == "count":
                words.append(x)
                continue
            x = max(-part["bound"], min(part["bound"], x))
            scale = (largest - 1) / part["bound"] * weight
            words.append(math.floor(x * scale + uniform[at]) % 2**32)
            at += 1
    return words


def mask(words, secret, sign):
    out, at = list(words), 0
    for part in PARTS:
        for m in keystream(hkdf(secret, "mask", part["name"]), part["size"]):
            out[at] = (out[at] + sign * m) % 2**32
            at += 1
    return out


def sparse():
    """Nine parties on a ring, six neighbours each; one drops."""
    names, neighbours = [f"site-{i}" for i in range(1, 10)], 6
    threshold, side = neighbours // 2 + 1, neighbours // 2
    secrets, public_keys, words = {}, {}, {}
    for i, name in enumerate(names):
        secrets[name] = {use: hkdf(seed("sparse", name), "secret", use) for use in ["box", "seal", "pair", "self", "dealing"]}
        public_keys[name] = {use: public(secrets[name][use]) for use in ["box", "seal", "pair"]}
        words[name] = [(1000 * i + 77 * j) % 2**32 for j in range(sum(p["size"] for p in PARTS))]
    roster = [[n, b64(public_keys[n]["box"]), b64(public_keys[n]["seal"]), b64(public_keys[n]["pair"]), commit("self", secrets[n]["self"])] for n in names]
    stream = keystream(hashlib.sha256(canonical([RUN, ROUND, "ring", roster])).digest(), 2 * len(names))
    ring = [n for _, n in sorted(((stream[2 * i] << 32) | stream[2 * i + 1], n) for i, n in enumerate(names))]
    holders = {
        n: sorted(ring[(ring.index(n) + d) % len(ring)] for d in range(-side, side + 1)) for n in names
    }
    pair_of = lambda a, b: hkdf(agree(secrets[a]["pair"], public_keys[b]["pair"]), "pair", *sorted([a, b]))
    masked = {}
    for n in names:
        masked[n] = mask(words[n], secrets[n]["self"], 1)
        for other in holders[n]:
            if other != n:
                masked[n] = mask(masked[n], pair_of(n, other), 1 if n < other else -1)
    dealer = ring[0]
    shares = {}
    for use in ["pair", "self"]:
        halves = [h for w in keystream(hkdf(secrets[dealer]["dealing"], use), 8 * (threshold - 1)) for h in (w & 0xFFFF, w >> 16)]
        shares[use] = split(secrets[dealer][use], halves, neighbours + 1)
    boxes = {}
    for at, to in enumerate(holders[dealer]):
        key = hkdf(agree(secrets[dealer]["seal"], public_keys[to]["box"]), "box", dealer, to)
        boxes[to] = {
            "box": b64(seal(key, shares["pair"][at] + shares["self"][at], dealer, to)),
            "pair": commit("share-pair", shares["pair"][at]),
            "self": commit("share-self", shares["self"][at]),
        }
    gone = ring[4]
    total = [sum(ws) % 2**32 for ws in zip(*(masked[n] for n in names if n != gone))]
    open_sum = list(total)
    for n in names:
        if n != gone:
            open_sum = mask(open_sum, secrets[n]["self"], -1)
    for other in holders[gone]:
        if other != gone:
            open_sum = mask(open_sum, pair_of(gone, other), -1 if other < gone else 1)
    assert open_sum == [sum(ws) % 2**32 for ws in zip(*(words[n] for n in names if n != gone))]
    return {
        "neighbours": neighbours,
        "threshold": threshold,
        "parties": [
            {"name": n, "entropy": seed("sparse", n).hex(), "key": roster[i][1:], "holders": holders[n], "words": words[n], "masked": masked[n]}
            for i, n in enumerate(names)
        ],
        "ring": ring,
        "dealer": dealer,
        "boxes": boxes,
        "gone": gone,
        "maskedSum": total,
        "sum": open_sum,
    }


def main():
    places = {name: i + 1 for i, name in enumerate(NAMES)}
    parties = {}
    for i, name in enumerate(NAMES):
        entropy = seed("entropy", name)
        secrets = {use: hkdf(entropy, "secret", use) for use in ["box", "seal", "pair", "self", "dealing"]}
        rows = [40, 100, 70][i]
        values = {
            "encoder.weight": [0.1 * (i + 1), -0.25, 0.5, 0.7, -0.0625 * i],
            'head 头 "b"': [-2.5, 1.75 - i, 0.001],
            "examples": [rows],
            "right": [30 + i, 1000 - i],
        }
        uniform = draws(name, 8)
        parties[name] = {
            "entropy": entropy,
            "secrets": secrets,
            "values": values,
            "uniform": uniform,
            "weight": rows / 100,
            "words": encode(values, uniform, len(NAMES), rows / 100),
        }
    pairs = {}
    for i, a in enumerate(NAMES):
        for b in NAMES[i + 1 :]:
            raw = agree(parties[a]["secrets"]["pair"], public(parties[b]["secrets"]["pair"]))
            pairs[a, b] = hkdf(raw, "pair", a, b)
    for name, party in parties.items():
        s = party["secrets"]
        party["public"] = {use: b64(public(s[use])) for use in ["box", "seal", "pair"]}
        party["commitment"] = commit("self", s["self"])
        words = 8 * (THRESHOLD - 1)
        shares = {}
        for use in ["pair", "self"]:
            stream = keystream(hkdf(s["dealing"], use), words)
            halves = [h for w in stream for h in (w & 0xFFFF, w >> 16)]
            shares[use] = split(s[use], halves, len(NAMES))
        party["boxes"] = {}
        for to in NAMES:
            at = places[to] - 1
            key = hkdf(agree(s["seal"], public(parties[to]["secrets"]["box"])), "box", name, to)
            party["boxes"][to] = {
                "box": b64(seal(key, shares["pair"][at] + shares["self"][at], name, to)),
                "pair": commit("share-pair", shares["pair"][at]),
                "self": commit("share-self", shares["self"][at]),
            }
        party["shares"] = {use: [x.hex() for x in shares[use]] for use in shares}
        assert join({1: shares["self"][0], 3: shares["self"][2]}) == s["self"]
        masked = mask(party["words"], s["self"], 1)
        for (a, b), secret in pairs.items():
            if name in (a, b):
                masked = mask(masked, secret, 1 if name == a else -1)
        party["masked"] = masked

    survivors = ["hospital", "university"]
    total = [sum(ws) % 2**32 for ws in zip(*(parties[n]["masked"] for n in survivors))]
    open_sum = list(total)
    for name in survivors:
        open_sum = mask(open_sum, parties[name]["secrets"]["self"], -1)
    for (a, b), secret in pairs.items():
        if "ministry" in (a, b):
            other = b if a == "ministry" else a
            open_sum = mask(open_sum, secret, -1 if other == a else 1)
    assert open_sum == [sum(ws) % 2**32 for ws in zip(*(parties[n]["words"] for n in survivors))]
    signed32 = [w - 2**32 if w >= 2**31 else w for w in open_sum]
    scales = [
        1 if p["kind"] == "count" else ((2**31 - 1) // len(NAMES) - 1) / p["bound"] for p in PARTS for _ in range(p["size"])
    ]
    signer = Ed25519PrivateKey.from_private_bytes(seed("signer"))
    content = {
        "protocol": "concord-round",
        "version": 2,
        "run": RUN,
        "round": ROUND,
        "from": "hospital",
        "to": "coordinator",
        "phase": "keys",
        "body": {**parties["hospital"]["public"], "self": parties["hospital"]["commitment"]},
    }
    spki = signer.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    out = {
        "provenance": f"tools/federated-vectors.py with Python's cryptography {cryptography.__version__}; secrets from SHA-256 of names",
        "run": RUN,
        "round": ROUND,
        "threshold": THRESHOLD,
        "layout": PARTS,
        "parties": [
            {
                "name": n,
                "entropy": p["entropy"].hex(),
                "secrets": {k: v.hex() for k, v in p["secrets"].items()},
                **{k: p[k] for k in ["public", "commitment", "shares", "boxes", "values", "uniform", "weight", "words", "masked"]},
            }
            for n, p in parties.items()
        ],
        "pairs": [{"pair": list(k), "secret": v.hex()} for k, v in pairs.items()],
        "survivors": survivors,
        "maskedSum": total,
        "sum": open_sum,
        "decoded": [w / s for w, s in zip(signed32, scales)],
        "sparse": sparse(),
        "signed": {
            "spki": b64(spki),
            "bytes": canonical(content).decode(),
            "message": {**content, "signature": b64(signer.sign(canonical(content)))},
        },
    }
    print(json.dumps(out, indent=1, ensure_ascii=False))


main()
