import numpy as np
import pytest

from index.vectors import MANY, Vectors, VectorsGoneError, write_vectors

DIMENSION = 160


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def rows():
    """As a language model's: all on one side, and most of what differs in few directions."""
    random = np.random.default_rng(0)
    directions = random.standard_normal((40, DIMENSION))
    own = random.standard_normal((MANY, 40)) @ directions
    noise = random.standard_normal((MANY, DIMENSION))
    return unit(8 * np.ones(DIMENSION) + 0.3 * own + 0.3 * noise)


@pytest.fixture(scope="module")
def many(rows, tmp_path_factory):
    folder = tmp_path_factory.mktemp("many")
    write_vectors(folder, rows)
    return Vectors.open(folder, MANY, DIMENSION)


def nearest_by_hand(rows, vector, limit, mask):
    cosines = np.where(mask, rows @ vector, -2)
    return np.argsort(-cosines, kind="stable")[:limit].tolist()


@pytest.mark.parametrize("share", [1.0, 0.5, 0.02, 0.001])
def test_of_many_rows_the_nearest_that_are_allowed_are_found(rows, many, share):
    mask = np.random.default_rng(1).random(MANY) < share
    found = 0
    for number in range(10):
        vector = unit(rows[number] + 0.02 * np.random.default_rng(number).standard_normal(160))
        hits = many.nearest(vector, 50, None if share == 1 else mask)
        assert all(mask[row] or share == 1 for row, _ in hits)
        assert [cosine for _, cosine in hits] == sorted((x for _, x in hits), reverse=True)
        assert dict(hits) == pytest.approx(many.cosines(vector, [row for row, _ in hits]))
        expected = nearest_by_hand(rows, vector, 50, mask if share < 1 else np.ones(MANY, bool))
        found += len({row for row, _ in hits} & set(expected[: len(hits)]))
    assert found >= 0.98 * 10 * min(50, mask.sum())


def test_few_rows_are_compared_exactly(rows, tmp_path):
    few = rows[:500]
    write_vectors(tmp_path, few)
    assert [path.name for path in tmp_path.iterdir()] == ["vectors.npy"]
    vectors, mask = Vectors.open(tmp_path, 500, DIMENSION), np.arange(500) % 3 == 0
    for vector in rows[1000:1010]:
        for kept in (None, mask):
            expected = nearest_by_hand(few, vector, 7, np.ones(500, bool) if kept is None else kept)
            assert [row for row, _ in vectors.nearest(vector, 7, kept)] == expected


def test_equal_rows_come_in_their_order_and_a_cosine_is_at_most_one(tmp_path):
    write_vectors(tmp_path, np.eye(4, dtype=np.float32)[[2, 1, 2, 2]])
    vectors = Vectors.open(tmp_path, 4, 4)
    question = np.eye(4, dtype=np.float32)[2] * np.float32(1.0001)
    assert vectors.nearest(question, 3) == [(0, 1.0), (2, 1.0), (3, 1.0)]
    assert vectors.cosines(question, [3, 1]) == {3: 1.0, 1: 0.0}
    assert vectors.cosines(question, []) == {}
    assert vectors.nearest(question, 3, np.zeros(4, bool)) == []
    assert len(vectors.nearest(question, 9)) == 4


@pytest.mark.parametrize("name", ["vectors.npy", "short.npy", "axes.npy"])
def test_a_missing_or_shortened_file_is_named(rows, tmp_path, name):
    write_vectors(tmp_path, rows)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[:-4])
    with pytest.raises(VectorsGoneError, match=f"{name} 缺失或损坏"):
        Vectors.open(tmp_path, MANY, DIMENSION)
    (tmp_path / name).unlink()
    with pytest.raises(VectorsGoneError, match=f"{name} 缺失或损坏"):
        Vectors.open(tmp_path, MANY, DIMENSION)


def test_another_number_of_rows_is_refused(tmp_path):
    write_vectors(tmp_path, np.eye(4, dtype=np.float32))
    with pytest.raises(VectorsGoneError, match=r"应有 \(5, 4\) 个 float32 数，实为 \(4, 4\)"):
        Vectors.open(tmp_path, 5, 4)
