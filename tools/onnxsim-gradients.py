"""Oracle of gradients: onnxsim-gradients.py MODEL.onnx FEEDS.json OUT.json, as often as wanted. onnxsim (PyPI) differentiates a forward graph as ONNX nodes by rules of its
own, and ONNX Runtime runs them. FEEDS has inputs by name ({dtype, shape, data}), the names of the parameters, and the output whose sum is
differentiated. OUT has that output, each parameter's gradient, the ops on the way, and those that onnxsim has no rule for.
Needs onnxsim, onnxruntime and numpy; never needed to use the product."""
import json
import sys

import numpy as np
import onnx
import onnxruntime
import onnxsim
from onnx import helper, numpy_helper
from onnxsim import graph_grad, qat_graph

opset = 17  # of the nodes that onnxsim's rules make


def by_definition(graph):
    """Ops without a rule in onnxsim, by their definitions in ONNX: Gelu, LogSoftmax, Reciprocal; Gather and GatherElements by
    constant places as a Gather of a list and as a sum over one."""
    constants = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    known = {v.name: v.type.tensor_type for v in [*graph.value_info, *graph.input]}
    nodes = []

    def shapes_of(name):
        return [d.dim_value for d in known[name].shape.dim]

    def constant(value, name):
        graph.initializer.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    for n, node in enumerate(graph.node):
        attrs = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        x, y = (node.input[0], node.output[0]) if node.input else (None, None)
        part = lambda word: f"{node.op_type} {n} {word}"
        number = lambda value, word: constant(np.float32(value), part(word))

        def op(kind, inputs, word, **more):
            nodes.append(helper.make_node(kind, inputs, [part(word)], **more))
            return part(word)

        def last(kind, inputs, **more):
            nodes.append(helper.make_node(kind, inputs, [y], **more))

        if node.op_type == "Gelu":  # x/2 · (1 + erf(x/√2)), or with tanh
            if attrs.get("approximate") == b"tanh":
                cube = op("Mul", [op("Mul", [x, x], "square"), x], "cube")
                inner = op("Add", [x, op("Mul", [cube, number(0.044715, "a")], "small")], "inner")
                bent = op("Tanh", [op("Mul", [inner, number(np.sqrt(2 / np.pi), "b")], "scaled")], "bent")
            else:
                bent = op("Erf", [op("Div", [x, number(np.sqrt(2), "b")], "scaled")], "bent")
            gate = op("Add", [bent, number(1, "one")], "gate")
            last("Mul", [op("Mul", [x, number(0.5, "half")], "halved"), gate])
        elif node.op_type == "LogSoftmax":
            axes = constant(np.array([attrs.get("axis", -1)]), part("axes"))
            last("Sub", [x, op("Log", [op("ReduceSum", [op("Exp", [x], "powers"), axes], "sum")], "log")])
        elif node.op_type == "Reciprocal":
            last("Div", [number(1, "one"), x])
        elif node.op_type == "GatherElements" and node.input[1] in constants:
            places, axis = constants[node.input[1]], attrs.get("axis", 0) % len(shapes_of(x))
            if places.shape[axis] != 1:
                nodes.append(node)
                continue
            one = np.zeros([*places.shape[:axis], shapes_of(x)[axis], *places.shape[axis + 1 :]], np.float32)
            np.put_along_axis(one, places % shapes_of(x)[axis], 1, axis)
            axes = constant(np.array([axis]), part("axes"))
            last("ReduceSum", [op("Mul", [x, constant(one, part("one"))], "kept"), axes], keepdims=1)
        elif node.op_type == "Gather" and node.input[1] in constants and constants[node.input[1]].ndim > 1:
            places, axis = constants[node.input[1]], attrs.get("axis", 0) % len(shapes_of(x))
            flat = op("Gather", [x, constant(places.ravel(), part("places"))], "flat", axis=axis)
            size = [*shapes_of(x)[:axis], *places.shape, *shapes_of(x)[axis + 1 :]]
            last("Reshape", [flat, constant(np.array(size, np.int64), part("size"))])
        else:
            nodes.append(node)
    del graph.node[:]
    graph.node.extend(nodes)


def between(graph, starts, end):
    """Nodes that read a parameter, directly or not, and lead to the output."""
    reached, wanted = set(starts), {end}
    for node in graph.node:
        if reached & set(node.input):
            reached |= set(node.output)
    for node in reversed(graph.node):
        if wanted & set(node.output):
            wanted |= set(node.input)
    return [node for node in graph.node if reached & set(node.input) and wanted & set(node.output)]


def simpler(model):
    model, _ = onnxsim.simplify(model)
    model = onnx.shape_inference.infer_shapes(model, strict_mode=True)
    by_definition(model.graph)
    return model


def differentiate(path, feeds, out):
    model = onnx.load(path)
    given = json.load(open(feeds))
    arrays = {name: np.array(a["data"], dtype=a["dtype"]).reshape(a["shape"]) for name, a in given["inputs"].items()}
    parameters, output = given["parameters"], given["output"]

    # what is no parameter becomes constant: shapes are known then, and onnxsim folds what follows from them
    fed = [i for i in model.graph.input if i.name not in parameters]
    for i in fed:
        model.graph.initializer.append(numpy_helper.from_array(arrays[i.name], i.name))
        model.graph.input.remove(i)
    # twice: opset 17 cannot hold Gelu, and more is known to be constant then
    model = simpler(onnx.version_converter.convert_version(simpler(model), opset))
    for node in [node for node in model.graph.node if node.op_type == "Constant"]:
        model.graph.initializer.append(numpy_helper.from_array(numpy_helper.to_array(node.attribute[0].t), node.output[0]))
        model.graph.node.remove(node)
    model = onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True)

    way = between(model.graph, parameters, output)
    shapes = {i.name: list(i.dims) for i in model.graph.initializer}
    for value in [*model.graph.input, *model.graph.output, *model.graph.value_info]:
        shapes[value.name] = [d.dim_value for d in value.type.tensor_type.shape.dim]
    ops = sorted({node.op_type for node in way})
    known = graph_grad.supported_ops() | set(graph_grad._MULTI_OUTPUT_RULES)
    missing = [op for op in ops if op not in known]
    if missing:
        json.dump({"ops": ops, "missing": missing}, open(out, "w"))
        return
    reads = {name for node in way for name in node.input}
    targets = [name for name in parameters if name in reads]

    b = qat_graph.GraphBuilder(prefix="grad__")
    b.initializer.extend(model.graph.initializer)  # rules read sizes and axes there
    seed = b.const(np.ones(shapes[output], np.float32))
    found = graph_grad.build_backward(b, way, shapes, {output: seed}, targets)
    graph = helper.make_graph(
        [*model.graph.node, *b.nodes],
        "gradients",
        list(model.graph.input),
        [*model.graph.output, *(helper.make_tensor_value_info(found[n], 1, shapes[n]) for n in targets)],
        b.initializer,
    )
    domains = {f.domain for f in b.functions}
    imports = [helper.make_opsetid("", opset), *(helper.make_opsetid(d, 1) for d in domains)]
    whole = helper.make_model(graph, opset_imports=imports, functions=b.functions, ir_version=9)
    session = onnxruntime.InferenceSession(whole.SerializeToString(), providers=["CPUExecutionProvider"])
    names = [output, *(found[n] for n in targets)]
    got = session.run(names, {i.name: arrays[i.name] for i in model.graph.input})
    json.dump(
        {
            "versions": f"onnxsim {onnxsim.__version__}, onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}",
            "ops": ops,
            "missing": [],
            "output": got[0].ravel().tolist(),
            "gradients": {n: g.ravel().tolist() for n, g in zip(targets, got[1:])},
        },
        open(out, "w"),
    )


for triple in zip(sys.argv[1::3], sys.argv[2::3], sys.argv[3::3]):
    differentiate(*triple)
