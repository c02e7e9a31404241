# One client's masking with Flower's SecAgg+ functions: quantise, own mask, a mask for each neighbour, modulo. Seconds and bytes as JSON.
# python bench/together-sums.py PARAMETERS PARTIES OUT
import json, sys, time
import numpy as np
from flwr.common import ndarray_to_bytes
from flwr.common.secure_aggregation.crypto.symmetric_encryption import generate_shared_key
from flwr.supercore.primitives.asymmetric import generate_key_pairs
from flwr.common.secure_aggregation.ndarrays_arithmetic import factor_combine, parameters_addition, parameters_mod, parameters_multiply, parameters_subtraction
from flwr.common.secure_aggregation.quantization import quantize
from flwr.common.secure_aggregation.secaggplus_utils import pseudo_rand_gen

size, parties = int(sys.argv[1]), int(sys.argv[2])
x = [(np.random.default_rng(0).random(size, dtype=np.float32) - 0.5).astype(np.float32)]
mod, target = 1 << 32, 1 << 22
me, others = generate_key_pairs(), [generate_key_pairs() for _ in range(parties - 1)]
start = time.perf_counter()
q = factor_combine(target, quantize(parameters_multiply(x, 1.0), 8.0, target))
shapes = [a.shape for a in q]
q = parameters_addition(q, pseudo_rand_gen(b"\1" * 32, mod, shapes))
for i, (_, public) in enumerate(others):
    mask = pseudo_rand_gen(generate_shared_key(me[0], public), mod, shapes)
    q = parameters_addition(q, mask) if i % 2 else parameters_subtraction(q, mask)
q = parameters_mod(q, mod)
seconds = time.perf_counter() - start
json.dump({"seconds": seconds, "bytes": sum(len(ndarray_to_bytes(a)) for a in q)}, open(sys.argv[3], "w"))
