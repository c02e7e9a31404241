"""Trains a graph that Concord sends, with PyTorch and nothing else. Started by Concord (src/train/node/pytorch), which sends batches over a
loopback socket and takes weights home; never needed to use or test the rest. Reads no file, imports nothing from the run, knows no model:
a graph is a list of ops, and autograd does the rest. Under torchrun every process takes its share of a batch's parts."""
import ctypes, json, os, platform, socket, struct, sys

try:
    import torch
    import torch.nn.functional as F
except ImportError as missing:
    print(f"cannot import torch: {missing}", file=sys.stderr)
    sys.exit(43)

DTYPES = {"float32": torch.float32, "float64": torch.float64, "int32": torch.int32, "int64": torch.int64, "bool": torch.bool}
STORED = {"F32": torch.float32, "F64": torch.float64, "I32": torch.int32, "I64": torch.int64, "BOOL": torch.bool}
SIZES = {dtype: torch.empty(0, dtype=dtype).element_size() for dtype in STORED.values()}
NAMES = {dtype: name for name, dtype in STORED.items()}


def unpack(data):
    """Tensors of safetensors bytes."""
    if not data: return {}
    size = struct.unpack_from("<Q", data)[0]
    head, start = json.loads(bytes(data[8 : 8 + size])), 8 + size
    found = {}
    for name, entry in head.items():
        if name == "__metadata__": continue
        a, b = entry["data_offsets"]
        dtype = STORED[entry["dtype"]]
        flat = torch.frombuffer(data, dtype=dtype, count=(b - a) // SIZES[dtype], offset=start + a) if b > a else torch.empty(0, dtype=dtype)
        found[name] = flat.reshape(entry["shape"]).clone()
    return found


def pack(tensors):
    """Safetensors bytes, in parts."""
    head, at, parts = {}, 0, []
    for name, tensor in tensors.items():
        flat = tensor.detach().cpu().contiguous()
        size = flat.numel() * flat.element_size()
        head[name] = {"dtype": NAMES[flat.dtype], "shape": list(flat.shape), "data_offsets": [at, at + size]}
        at += size
        parts.append(ctypes.string_at(flat.data_ptr(), size) if size else b"")
    text = json.dumps(head).encode()
    text += b" " * (-len(text) % 8)
    return [struct.pack("<Q", len(text)), text, *parts]


class Wire:
    """Messages to and from Concord: lengths, JSON, safetensors."""

    def __init__(self, port, token):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(token.encode())

    def read(self, size):
        data = bytearray(size)
        view, got = memoryview(data), 0
        while got < size:
            n = self.socket.recv_into(view[got:])
            if n == 0: raise EOFError
            got += n
        return data

    def receive(self):
        header, body = struct.unpack("<IQ", self.read(12))
        return json.loads(self.read(header)), unpack(self.read(body))

    def send(self, message, tensors=None):
        parts = pack(tensors) if tensors else []
        text = json.dumps(message).encode()
        self.socket.sendall(struct.pack("<IQ", len(text), sum(len(p) for p in parts)) + text)
        for part in parts: self.socket.sendall(part)


def dim(size, symbols):
    """A size: a number, or [factor, atoms]; an atom is a symbol or a list of sizes that are added up."""
    if isinstance(size, int): return size
    factor, atoms = size
    for atom in atoms: factor *= symbols[atom] if isinstance(atom, str) else sum(dim(part, symbols) for part in atom)
    return factor


def gather(x, index, axis):
    picked = x.index_select(axis, index.reshape(-1))
    return picked.reshape(*x.shape[:axis], *index.shape, *x.shape[axis + 1 :])


def scatter_sum(updates, index, axis, size):
    before, after = updates.shape[:axis], updates.shape[axis + index.dim() :]
    flat = updates.reshape(*before, -1, *after)
    return torch.zeros(*before, size, *after, dtype=updates.dtype, device=updates.device).index_add(axis, index.reshape(-1), flat)


def move_rows(x, index, complete):
    rows = x if complete else torch.cat([x, torch.zeros(1, *x.shape[1:], dtype=x.dtype, device=x.device)])
    return gather(rows, index, 0)


def matmul(a, b, attrs):
    product = torch.matmul(a.mT if attrs["transposeA"] else a, b.mT if attrs["transposeB"] else b)
    return product if attrs["alpha"] == 1 else product * attrs["alpha"]


def reduced(fold, x, attrs):
    if not attrs["axes"]: return x
    return fold(x, dim=attrs["axes"], keepdim=attrs["keepDims"]).to(x.dtype)


def product(x, attrs):
    for axis in reversed(attrs["axes"]): x = x.prod(dim=axis, keepdim=attrs["keepDims"])
    return x


def topk(x, attrs):
    values, places = x.sort(dim=-1, descending=attrs["largest"], stable=True)
    return values[..., : attrs["k"]], places[..., : attrs["k"]].to(torch.int32)


def sliced(x, attrs):
    axis, start, end, step = attrs["axis"], attrs["start"], attrs["end"], attrs["step"]
    size = x.shape[axis]
    if step > 0:
        return x[(slice(None),) * axis + (slice(start, end, step),)]
    places = range(size)[start:end:step] if end is not None else range(size)[start::step]
    return x.index_select(axis, torch.tensor(list(places), device=x.device))


def padded(x, attrs):
    return F.pad(x, [0, 0] * (x.dim() - 1 - attrs["axis"]) + [attrs["before"], attrs["after"]], value=attrs["value"])


def cumsum(x, attrs):
    if not attrs["reverse"]: return x.cumsum(attrs["axis"]).to(x.dtype)
    return x.flip(attrs["axis"]).cumsum(attrs["axis"]).flip(attrs["axis"]).to(x.dtype)


def conv(x, weight, bias, attrs):
    by_rank = {3: F.conv1d, 4: F.conv2d, 5: F.conv3d}[x.dim()]
    return by_rank(x, weight, bias, attrs["strides"], attrs["padding"], attrs["dilation"], attrs["groups"])


def layer_norm(x, weight, bias, attrs):
    return F.layer_norm(x, x.shape[-1:], weight, bias, attrs["epsilon"])


def rms_norm(x, weight, attrs):
    return x * torch.rsqrt((x * x).mean(-1, keepdim=True) + attrs["epsilon"]) * weight


# op -> function of its inputs (a list), its attributes, and the shape of its first output
OPS = {
    "add": lambda i, a, s: i[0] + i[1],
    "sub": lambda i, a, s: i[0] - i[1],
    "mul": lambda i, a, s: i[0] * i[1],
    "div": lambda i, a, s: i[0] / i[1] if i[0].is_floating_point() else torch.div(i[0], i[1], rounding_mode="trunc"),
    "pow": lambda i, a, s: i[0] ** i[1],
    "maximum": lambda i, a, s: torch.maximum(*i),
    "minimum": lambda i, a, s: torch.minimum(*i),
    "equal": lambda i, a, s: i[0] == i[1],
    "less": lambda i, a, s: i[0] < i[1],
    "and": lambda i, a, s: i[0] & i[1],
    "or": lambda i, a, s: i[0] | i[1],
    "not": lambda i, a, s: ~i[0],
    "where": lambda i, a, s: torch.where(*i),
    "neg": lambda i, a, s: -i[0],
    "abs": lambda i, a, s: i[0].abs(),
    "sign": lambda i, a, s: i[0].sign(),
    "floor": lambda i, a, s: i[0].floor(),
    "exp": lambda i, a, s: i[0].exp(),
    "log": lambda i, a, s: i[0].log(),
    "log1p": lambda i, a, s: i[0].log1p(),
    "sqrt": lambda i, a, s: i[0].sqrt(),
    "reciprocal": lambda i, a, s: 1 / i[0],
    "tanh": lambda i, a, s: i[0].tanh(),
    "sigmoid": lambda i, a, s: i[0].sigmoid(),
    "softplus": lambda i, a, s: F.softplus(i[0]),
    "erf": lambda i, a, s: i[0].erf(),
    "sin": lambda i, a, s: i[0].sin(),
    "cos": lambda i, a, s: i[0].cos(),
    "relu": lambda i, a, s: i[0].relu(),
    "gelu": lambda i, a, s: F.gelu(i[0]),
    "geluTanh": lambda i, a, s: F.gelu(i[0], approximate="tanh"),
    "cast": lambda i, a, s: i[0].to(DTYPES[a["dtype"]]),
    "stopGradient": lambda i, a, s: i[0].detach(),
    "straightThrough": lambda i, a, s: i[0] + (i[1] - i[0]).detach(),
    "sum": lambda i, a, s: reduced(torch.sum, i[0], a),
    "mean": lambda i, a, s: reduced(torch.mean, i[0], a),
    "max": lambda i, a, s: reduced(torch.amax, i[0], a),
    "min": lambda i, a, s: reduced(torch.amin, i[0], a),
    "prod": lambda i, a, s: product(i[0], a),
    "argmax": lambda i, a, s: i[0].argmax(a["axis"]).to(torch.int32),
    "cumsum": lambda i, a, s: cumsum(i[0], a),
    "topk": lambda i, a, s: topk(i[0], a),
    "reshape": lambda i, a, s: i[0].reshape(s),
    "transpose": lambda i, a, s: i[0].permute(a["permutation"]),
    "broadcastTo": lambda i, a, s: i[0].expand(s),
    "barrier": lambda i, a, s: i[0],
    "concat": lambda i, a, s: torch.cat(i, a["axis"]),
    "slice": lambda i, a, s: sliced(i[0], a),
    "flip": lambda i, a, s: i[0].flip(a["axis"]),
    "pad": lambda i, a, s: padded(i[0], a),
    "gather": lambda i, a, s: gather(i[0], i[1], a["axis"]),
    "scatterSum": lambda i, a, s: scatter_sum(i[0], i[1], a["axis"], s[a["axis"]]),
    "gatherElements": lambda i, a, s: i[0].gather(a["axis"], i[1].long()),
    "scatterElements": lambda i, a, s: i[0].scatter_add(a["axis"], i[1].long(), i[2]),
    "moveRows": lambda i, a, s: move_rows(i[0], i[1], a["complete"]),
    "matmul": lambda i, a, s: matmul(i[0], i[1], a),
    "linear": lambda i, a, s: F.linear(*i),
    "embed": lambda i, a, s: F.embedding(i[1], i[0], a.get("paddingId")),
    "conv": lambda i, a, s: conv(i[0], i[1], i[2] if len(i) > 2 else None, a),
    "softmax": lambda i, a, s: i[0].softmax(a["axis"]),
    "logSoftmax": lambda i, a, s: i[0].log_softmax(a["axis"]),
    "crossEntropy": lambda i, a, s: F.cross_entropy(i[0], i[1].long(), reduction="none"),
    "layerNorm": lambda i, a, s: layer_norm(*i, a),
    "rmsNorm": lambda i, a, s: rms_norm(*i, a),
}


class Program:
    """A graph: `nodes` are [op, input ids, attributes, outputs [id, shape]]; `inputs` and `outputs` name values."""

    def __init__(self, graph, constants, device):
        self.inputs, self.outputs, self.nodes = graph["inputs"], graph["outputs"], graph["nodes"]
        self.constants = {int(key): value.to(device) for key, value in constants.items()}
        unknown = sorted({op for op, *_ in self.nodes if op not in OPS})
        if unknown: raise NotImplementedError(f"ops without a PyTorch form: {', '.join(unknown)}")

    def symbols(self, feeds):
        found = {}
        for name, (_, shape) in self.inputs.items():
            if name not in feeds: continue
            for size, actual in zip(shape, feeds[name].shape):
                if not isinstance(size, int) and size[0] == 1 and len(size[1]) == 1 and isinstance(size[1][0], str): found[size[1][0]] = actual
        return found

    def run(self, feeds, symbols):
        values = dict(self.constants)
        for name, (key, _) in self.inputs.items():
            if name in feeds: values[key] = feeds[name]
        for op, inputs, attrs, outputs in self.nodes:
            shape = [dim(size, symbols) for size in outputs[0][1]]
            result = OPS[op]([values[key] for key in inputs], attrs, shape)
            results = result if isinstance(result, tuple) else (result,)
            for (key, _), value in zip(outputs, results): values[key] = value
        return {name: values[key] for name, key in self.outputs.items()}


class Run:
    """Parameters, programs and an optimizer."""

    def __init__(self, setup, tensors, rank, world):
        self.rank, self.world = rank, world
        cuda = torch.cuda.is_available()
        self.device = torch.device(f"cuda:{int(os.environ.get('LOCAL_RANK', 0))}" if cuda else "cpu")
        if cuda: torch.cuda.set_device(self.device)
        if setup["threads"] and not cuda: torch.set_num_threads(setup["threads"])
        part = lambda prefix: {name[len(prefix) :]: tensor for name, tensor in tensors.items() if name.startswith(prefix)}
        self.parameters = {name: tensor.to(self.device) for name, tensor in part("weights.").items()}
        self.trained = {entry["name"]: self.parameters[entry["name"]].requires_grad_() for entry in setup["trained"]}
        groups = {}
        for entry in setup["trained"]:
            key = (entry["rate"], entry["weightDecay"])
            groups.setdefault(key, {"params": [], "rate": key[0], "weight_decay": key[1]})["params"].append(self.trained[entry["name"]])
        kinds = {"adamw": torch.optim.AdamW, "adam": torch.optim.Adam, "sgd": torch.optim.SGD}
        self.optimizer = kinds[setup["optimizer"]](list(groups.values()), lr=0.0, **setup["optimizerOptions"])
        self.training = Program(setup["training"], part("training."), self.device)
        self.evaluation = Program(setup["evaluation"], part("evaluation."), self.device)
        self.dropout = setup["dropout"]

    def about(self):
        name = torch.cuda.get_device_name(self.device) if self.device.type == "cuda" else platform.machine()
        return {"torch": torch.__version__, "python": platform.python_version(), "device": self.device.type, "name": name, "processes": self.world}

    def masks(self, seed, symbols):
        if not self.dropout: return {}
        generator = torch.Generator(self.device).manual_seed(seed)
        found = {}
        for site in self.dropout:
            kept = torch.rand([dim(size, symbols) for size in site["shape"]], generator=generator, device=self.device) >= site["rate"]
            found[site["name"]] = kept.to(torch.float32) / (1 - site["rate"])
        return found

    def step(self, message, tensors):
        parts = [{} for _ in message["seeds"]]
        for name, tensor in tensors.items():
            at, own = name.split(".", 1)
            parts[int(at)][own] = tensor.to(self.device)
        self.optimizer.zero_grad(set_to_none=True)
        loss = torch.zeros((), device=self.device)
        for at, feeds in enumerate(parts):
            if at % self.world != self.rank: continue
            symbols = self.training.symbols(feeds)
            result = self.training.run({**self.parameters, **feeds, **self.masks(message["seeds"][at], symbols)}, symbols)
            total = (result["losses"] * feeds["weights"]).sum()
            total.backward()
            loss += total.detach()
        if self.world > 1:
            for tensor in self.trained.values():
                if tensor.grad is None: tensor.grad = torch.zeros_like(tensor)
                torch.distributed.all_reduce(tensor.grad)
            torch.distributed.all_reduce(loss)
        held = {name: p.grad for name, p in self.trained.items() if p.grad is not None}
        norm = torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(g) for g in held.values()])) if held else torch.zeros(())
        if not (torch.isfinite(norm) and torch.isfinite(loss)):
            broken = [name for name, g in held.items() if not torch.isfinite(g).all()]
            return {"loss": repr(loss.item()), "norm": repr(norm.item()), "broken": broken[:1]}
        most = message["maxGradNorm"]
        if most > 0:
            factor = torch.clamp(most / (norm + 1e-6), max=1.0)
            for g in held.values(): g.mul_(factor)
        for group in self.optimizer.param_groups: group["lr"] = message["learningRate"] * group["rate"]
        self.optimizer.step()
        return {"loss": loss.item(), "norm": norm.item()}

    @torch.no_grad()
    def predict(self, tensors):
        feeds = {name: tensor.to(self.device) for name, tensor in tensors.items()}
        return self.evaluation.run({**self.parameters, **feeds}, self.evaluation.symbols(feeds))

    def save(self):
        found = {f"weights.{name}": tensor for name, tensor in self.trained.items()}
        for name, tensor in self.trained.items():
            for key, value in self.optimizer.state.get(tensor, {}).items():
                if value is not None: found[f"state.{name}.{key}"] = torch.as_tensor(value, dtype=torch.float32)
        return found

    def load(self, tensors):
        with torch.no_grad():
            for name, tensor in self.trained.items(): tensor.copy_(tensors[f"weights.{name}"])
        for name, tensor in self.trained.items():
            prefix = f"state.{name}."
            state = {key[len(prefix) :]: value for key, value in tensors.items() if key.startswith(prefix)}
            if state: self.optimizer.state[tensor] = {key: value if key == "step" else value.to(self.device) for key, value in state.items()}


def main():
    rank, world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
    if world > 1: torch.distributed.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    wire = Wire(int(os.environ["CONCORD_PORT"]), os.environ.pop("CONCORD_TOKEN")) if rank == 0 else None

    def receive():
        box = [wire.receive() if rank == 0 else None]
        if world > 1: torch.distributed.broadcast_object_list(box)
        return box[0]

    answer = wire.send if wire else lambda *_: None
    run = None
    while True:
        try:
            message, tensors = receive()
        except EOFError:
            return
        todo = message["do"]
        if todo == "close": return
        if todo == "open":
            run = Run(message, tensors, rank, world)
            answer(run.about())
        elif todo == "step": answer(run.step(message, tensors))
        elif todo == "predict":
            found = run.predict(tensors) if rank == 0 else {}
            answer({}, found)
        elif todo == "save": answer({}, run.save() if rank == 0 else {})
        elif todo == "load":
            run.load(tensors)
            answer({})


main()
