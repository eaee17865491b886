"""A small real embedder and small folders of policies, for the tests of the index."""

import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

POLICIES = {
    "grants": (
        "某市科技局关于印发研发补助办法的通知\n"
        "一、补助对象\n"
        "本市注册的科技型中小企业可以申请研发费用后补助。\n"
        "二、补助标准\n"
        "按照研发费用的10%给予补助，单个企业最高3200万元。\n"
        "三、申报时间\n"
        "每年三月受理申报，由县区科技部门初审。\n"
    ),
    "parks": (
        "某省关于加快高新技术产业园区建设的意见\n"
        "一、总体目标\n"
        "到2025年，园区生产总值达到20亿元，新增孵化器15家。\n"
        "二、落实文件\n"
        "认真执行国科发火〔2016〕32号，做好高新技术企业认定工作。\n"
    ),
    "loans": (
        "某区科技贷款贴息办法\n"
        "一、贴息条件\n"
        "企业取得银行科技贷款并按期还本付息的，可以申请贴息。\n"
        "二、贴息比例\n"
        "贴息比例为37%，期限不超过两年。\n"
    ),
}


class PairEmbedder:
    """Counts character pairs in 64 bins: alike words, alike vectors. Notes what it embedded."""

    identity = "pairs-64"
    engine = "pairs"
    dimension = 64

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed_clauses(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> NDArray[np.float32]:
        self.embedded += texts
        if progress is not None:
            progress(len(texts), len(texts))
        return np.array([self.embed_question(text) for text in texts], dtype=np.float32)

    def embed_question(self, text: str) -> NDArray[np.float32]:
        bins = np.full(self.dimension, 0.01, dtype=np.float32)
        for first, second in zip(text, text[1:], strict=False):
            bins[zlib.crc32((first + second).encode()) % self.dimension] += 1
        return bins / np.linalg.norm(bins)


class FailingEmbedder(PairEmbedder):
    """A model that breaks when it has to embed clauses."""

    def embed_clauses(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> NDArray[np.float32]:
        raise RuntimeError(f"out of memory at {len(texts)} texts, {progress}")


def write_policies(folder: Path, **texts: str) -> Path:
    """One text file a policy; those of POLICIES when none are given."""
    folder.mkdir(exist_ok=True)
    for name, text in (texts or POLICIES).items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder
