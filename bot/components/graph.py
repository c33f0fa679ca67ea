"""Builds ONNX graphs of quantised weights, to be run one text at a time on one thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper

__all__ = ["EXTRA", "Graph"]

EXTRA = "com.microsoft"
"""The domain of onnxruntime's own operators."""

_EIGHT_BIT_SUMS = 4
"""MatMulNBits multiplies in 8-bit integers; each token has scales of its own."""


class Graph:
    """Nodes and constants, each known by the name of what it gives."""

    def __init__(self) -> None:
        self._nodes: list[NodeProto] = []
        self._constants: list[TensorProto] = []

    def constant(self, name: str, values: NDArray[Any]) -> str:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(self, kind: str, inputs: Sequence[str], domain: str = "", **settings: object) -> str:
        name = f"{kind}.{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [name], domain=domain, **settings))
        return name

    def product(
        self,
        name: str,
        state: str,
        packed: NDArray[np.uint8],
        scales: NDArray[np.float32],
        bits: int,
    ) -> str:
        """`state` times a matrix of weights of 4 or 8 `bits`, constants under `name`.

        `packed` is outputs × blocks × the bytes of a block, `scales` outputs × blocks; the middle
        of the range of the weights stands for nought.
        """
        outputs, blocks, size = packed.shape
        parts = [
            state,
            self.constant(f"{name}.w", packed),
            self.constant(f"{name}.scales", scales.ravel()),
        ]
        block = size * 8 // bits
        sizes = {"K": blocks * block, "N": outputs, "bits": bits, "block_size": block}
        return self.add("MatMulNBits", parts, EXTRA, accuracy_level=_EIGHT_BIT_SUMS, **sizes)

    def session(
        self, inputs: Mapping[str, Sequence[int | str]], outputs: Sequence[str]
    ) -> onnxruntime.InferenceSession:
        """Ready to run; inputs are named with their shapes, all numbers are single floats."""
        graph = helper.make_graph(
            self._nodes,
            "graph",
            [
                helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
                for name, shape in inputs.items()
            ],
            [helper.make_tensor_value_info(one, TensorProto.FLOAT, None) for one in outputs],
            self._constants,
        )
        versions = [helper.make_opsetid("", 18), helper.make_opsetid(EXTRA, 1)]
        model = helper.make_model(graph, opset_imports=versions, ir_version=9)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        return onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
