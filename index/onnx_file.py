"""Writes an ONNX model: the few messages of its protobuf format that a graph is made of.

The `onnx` package would do it too, but it would have to be installed for this alone. What this
module does not know: any model (index.builtin_graph).
"""

import struct
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

FLOAT, UINT8, INT32, INT64 = 1, 2, 6, 7  # ONNX's numbers for the kinds of elements
OWN = "com.microsoft"  # the domain of onnxruntime's own operators
_IR_VERSION = 9
_OPSETS = {"": 18, OWN: 1}
_KINDS = {"float32": FLOAT, "uint8": UINT8, "int32": INT32, "int64": INT64}
_FLOAT_ATTRIBUTE, _INTEGER_ATTRIBUTE = 1, 2


class Graph:
    """Nodes and constants, collected in any order that puts each result before its use."""

    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._constants: list[bytes] = []

    def constant(self, name: str, values: NDArray[np.generic]) -> str:
        """Add a constant; returns its name, for use among a node's inputs."""
        numbers = b"".join(_number(1, size) for size in values.shape)
        kind = _number(2, _KINDS[values.dtype.name])
        raw = np.ascontiguousarray(values).tobytes()
        self._constants.append(numbers + kind + _text(8, name) + _bytes(9, raw))
        return name

    def node(  # noqa: PLR0913  what the format says of a node
        self,
        operator: str,
        inputs: Sequence[str],
        outputs: Sequence[str],
        domain: str = "",
        **attributes: int | float,
    ) -> str:
        """Add a node; returns the name of its first output."""
        parts = [_text(1, name) for name in inputs] + [_text(2, name) for name in outputs]
        parts += [_text(3, f"{operator}_{len(self._nodes)}"), _text(4, operator)]
        parts += [_bytes(5, _attribute(name, value)) for name, value in attributes.items()]
        self._nodes.append(b"".join([*parts, _text(7, domain)]))
        return outputs[0]

    def model(self, inputs: Mapping[str, "Value"], outputs: Mapping[str, "Value"]) -> bytes:
        """The whole model as the bytes of a .onnx file."""
        parts = [_bytes(1, node) for node in self._nodes] + [_text(2, "graph")]
        parts += [_bytes(5, constant) for constant in self._constants]
        parts += [_bytes(11, _value(name, value)) for name, value in inputs.items()]
        parts += [_bytes(12, _value(name, value)) for name, value in outputs.items()]
        opsets = b"".join(
            _bytes(8, _text(1, domain) + _number(2, version)) for domain, version in _OPSETS.items()
        )
        return _number(1, _IR_VERSION) + opsets + _bytes(7, b"".join(parts))


Value = tuple[int, Sequence[str | int]]  # kind of element and shape; a name is any size


def _value(name: str, value: Value) -> bytes:
    kind, shape = value
    sizes = (_number(1, size) if isinstance(size, int) else _text(2, size) for size in shape)
    dimensions = b"".join(_bytes(1, size) for size in sizes)
    return _text(1, name) + _bytes(2, _bytes(1, _number(1, kind) + _bytes(2, dimensions)))


def _attribute(name: str, value: int | float) -> bytes:
    if isinstance(value, float):
        number = _key(2, 5) + struct.pack("<f", value)
        return _text(1, name) + number + _number(20, _FLOAT_ATTRIBUTE)
    return _text(1, name) + _number(3, value) + _number(20, _INTEGER_ATTRIBUTE)


def _key(field: int, wire: int) -> bytes:
    return _varint(field << 3 | wire)


def _number(field: int, value: int) -> bytes:
    return _key(field, 0) + _varint(value)


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())


def _bytes(field: int, value: bytes) -> bytes:
    return _key(field, 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    """Seven bits a byte, lowest first; the top bit says that more follow. -1 is 2**64 - 1."""
    value &= (1 << 64) - 1
    made = bytearray()
    while value > 0x7F:
        made.append(value & 0x7F | 0x80)
        value >>= 7
    made.append(value)
    return bytes(made)
