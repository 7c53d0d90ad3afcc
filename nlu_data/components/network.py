"""The encoder's network in onnxruntime's form: a transformer of 12 layers whose large products take 4 bit weights.

In: `words`, one row of floats for each piece of a text. Out: `meanings`, a row for each piece.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from nlu_data.components.weights import BLOCK, Weights

_MICROSOFT: Final = "com.microsoft"
# The activations are made 8 bit integers, as in the package's own engine.
_EIGHT_BIT: Final = 4
_ROWS: Final = ["rows", "width"]


class _Network:
    """Collects the nodes; a value is known by its name."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, *inputs: str, domain: str = "", **settings: Any) -> str:
        name = f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], domain=domain, **settings))
        return name

    def turned(self, rows: str, order: Sequence[int]) -> str:
        return self.node("Transpose", rows, perm=list(order))

    def even(self, rows: str, name: str) -> str:
        """Layer normalisation."""
        factor, bias = (self.constant(f"{name}.{end}", self._weights.row(f"{name}.{end}")) for end in ("w", "b"))
        return self.node("LayerNormalization", rows, factor, bias, axis=-1, epsilon=self._weights.smallest)

    def product(self, rows: str, name: str, width: int) -> str:
        """Rows of `width` times a matrix of 4 bit weights, plus a bias."""
        scales, integers = self._weights.blocks(f"{name}.w", width)
        # two weights a byte, neighbours in one
        packed = integers[..., 0::2] | (integers[..., 1::2] << 4)
        scaled = (self.constant(f"{name}.w", packed), self.constant(f"{name}.scales", scales.reshape(-1)))
        size = {"K": width, "N": integers.shape[0], "bits": 4, "block_size": BLOCK, "accuracy_level": _EIGHT_BIT}
        found = self.node("MatMulNBits", rows, *scaled, domain=_MICROSOFT, **size)
        return self.node("Add", found, self.constant(f"{name}.b", self._weights.row(f"{name}.b")))

    def gelu(self, rows: str) -> str:
        """x times how probable it is that a normal variable is less than x."""
        share = self.node("Add", self.node("Erf", self.node("Mul", rows, "root")), "one")
        return self.node("Mul", self.node("Mul", rows, "half"), share)


def session(weights: Weights) -> onnxruntime.InferenceSession:
    """The network, ready to run on one core."""
    options = onnxruntime.SessionOptions()
    # A second core gains nothing here.
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(_model(weights), options, providers=["CPUExecutionProvider"])


def _model(weights: Weights) -> bytes:
    width, heads = weights.width, weights.heads
    network = _Network(weights)
    network.constant("split", np.array([0, heads, width // heads], dtype=np.int64))
    network.constant("join", np.array([0, width], dtype=np.int64))
    numbers = {"one": 1.0, "half": 0.5, "root": 0.5**0.5, "near": (heads / width) ** 0.5}
    for name, value in numbers.items():
        network.constant(name, np.array(value, dtype=np.float32))
    rows = network.even("words", "emb.ln")
    for layer in range(weights.layers):
        rows = _layer(network, rows, f"l{layer}", weights)
    network.nodes.append(helper.make_node("Identity", [rows], ["meanings"]))
    graph = helper.make_graph(
        network.nodes,
        "encoder",
        [helper.make_tensor_value_info("words", TensorProto.FLOAT, _ROWS)],
        [helper.make_tensor_value_info("meanings", TensorProto.FLOAT, _ROWS)],
        network.constants,
    )
    versions = [helper.make_opsetid("", 17), helper.make_opsetid(_MICROSOFT, 1)]
    model: onnx.ModelProto = helper.make_model(graph, opset_imports=versions, ir_version=8)
    return bytes(model.SerializeToString())


def _layer(network: _Network, rows: str, name: str, weights: Weights) -> str:
    """One layer: each piece looks at the others, then thinks by itself."""
    width = weights.width
    query, key, value = (
        network.turned(network.node("Reshape", network.product(rows, f"{name}.{one}", width), "split"), how)
        for one, how in {"q": (1, 0, 2), "k": (1, 2, 0), "v": (1, 0, 2)}.items()
    )
    near = network.node("Softmax", network.node("Mul", network.node("MatMul", query, key), "near"), axis=-1)
    seen = network.turned(network.node("MatMul", near, value), (1, 0, 2))
    seen = network.product(network.node("Reshape", seen, "join"), f"{name}.ao", width)
    rows = network.even(network.node("Add", rows, seen), f"{name}.aln")
    thought = network.product(network.gelu(network.product(rows, f"{name}.fi", width)), f"{name}.fo", weights.inner)
    return network.even(network.node("Add", rows, thought), f"{name}.oln")
