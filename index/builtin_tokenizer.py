"""The tokenizer of the built-in model, from its vocabulary and its table of characters.

`tokenizers` can replace characters by a table only in SentencePiece's compiled form: a
double-array trie followed by the replacements. `compile_table` makes that form. What this
module does not know: where vocabulary and table come from (index.builtin_model).
"""

import struct
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tokenizers import AddedToken, Regex, Tokenizer
from tokenizers.models import Unigram
from tokenizers.normalizers import Precompiled, Replace
from tokenizers.normalizers import Sequence as Steps
from tokenizers.pre_tokenizers import Metaspace
from tokenizers.processors import TemplateProcessing

BLOCK = 256  # one slot a byte value
HAS_LEAF = 1 << 8  # the key ends here; its value stands in the slot of byte 0
IS_VALUE = 1 << 31
MAX_SLOTS = 1 << 21  # an offset has 21 bits
MASK = "<mask>"  # the last piece
SPACE = "\u2581"  # stands for a space in the pieces
SHORT = 300  # characters of a text for which a tokenizer of its own is made sooner than the whole


@dataclass(frozen=True)
class Vocabulary:
    """The pieces with their log-probabilities, by id, and the table of characters.

    A character missing from `characters` stays; an empty replacement deletes it.
    """

    pieces: Sequence[str]
    scores: Sequence[float]
    bos: int
    eos: int
    pad: int
    unk: int
    characters: Mapping[str, str]


class Cutter:
    """Cuts texts into pieces, given by their ids. Threads may share it.

    The whole tokenizer takes most of a second to make. One short text is cut by a small one,
    made of the pieces that occur in it and therefore with the same result.
    """

    def __init__(self, vocabulary: Vocabulary, window: int) -> None:
        self._vocabulary, self._window = vocabulary, window
        self._ids = dict(zip(vocabulary.pieces, range(len(vocabulary.pieces)), strict=True))
        self._longest = max(map(len, vocabulary.pieces))
        scores = vocabulary.scores
        # What an unknown character costs follows from the least likely piece.
        self._always = [vocabulary.bos, vocabulary.pad, vocabulary.eos, vocabulary.unk]
        self._always += [min(range(len(scores)), key=scores.__getitem__)]
        self._normalizer = _normalizer(vocabulary)
        self._whole: Tokenizer | None = None
        self._lock = threading.Lock()

    def cut(self, texts: Sequence[str]) -> list[list[int]]:
        """The ids of each text's pieces, <s> and </s> among them, up to the window."""
        if self._whole is None and len(texts) == 1 and _is_plain(texts[0]):
            return [self._cut_short(texts[0])]
        with self._lock:
            if self._whole is None:
                self._whole = make_tokenizer(self._vocabulary)
                self._whole.enable_truncation(self._window)
        return [found.ids for found in self._whole.encode_batch(list(texts))]

    def _cut_short(self, text: str) -> list[int]:
        used = self._always + sorted(self._occurring(text) - set(self._always))
        used.append(len(self._vocabulary.pieces) - 1)  # MASK
        few = replace(
            self._vocabulary,
            pieces=[self._vocabulary.pieces[one] for one in used],
            scores=[self._vocabulary.scores[one] for one in used],
            bos=0,
            pad=1,
            eos=2,
            unk=3,
        )
        tokenizer = make_tokenizer(few, self._normalizer)
        tokenizer.enable_truncation(self._window)
        return [used[place] for place in tokenizer.encode(text).ids]

    def _occurring(self, text: str) -> set[int]:
        """Every piece that stands anywhere in the text."""
        marked = SPACE + self._normalizer.normalize_str(text).replace(" ", SPACE)
        spans = (
            marked[start:end]
            for start in range(len(marked))
            for end in range(start + 1, min(start + self._longest, len(marked)) + 1)
        )
        return {self._ids[span] for span in spans if span in self._ids}


def _is_plain(text: str) -> bool:
    """Short, and without a special token: behind one the text is cut as if it began there."""
    return len(text) <= SHORT and "<" not in text


def make_tokenizer(vocabulary: Vocabulary, normalizer: Steps | None = None) -> Tokenizer:
    """Return the tokenizer: normalise, mark spaces, cut by likelihood, put <s> and </s> around.

    `normalizer` replaces the vocabulary's own where that has been made before.
    """
    named = [vocabulary.pieces[i] for i in (vocabulary.bos, vocabulary.eos)]
    tokenizer = Tokenizer(
        Unigram(
            list(zip(vocabulary.pieces, vocabulary.scores, strict=True)),
            unk_id=vocabulary.unk,
            byte_fallback=False,
        )
    )
    tokenizer.normalizer = normalizer or _normalizer(vocabulary)
    tokenizer.pre_tokenizer = Metaspace(replacement=SPACE, prepend_scheme="always")
    tokenizer.add_special_tokens(_special_tokens(vocabulary))
    tokenizer.post_processor = TemplateProcessing(
        single=f"{named[0]} $A {named[1]}",
        special_tokens=[(named[0], vocabulary.bos), (named[1], vocabulary.eos)],
    )
    return tokenizer


def _normalizer(vocabulary: Vocabulary) -> Steps:
    table = compile_table(vocabulary.characters)
    return Steps([Precompiled(table), Replace(Regex(" {2,}"), " ")])


def _special_tokens(vocabulary: Vocabulary) -> list[AddedToken]:
    ids = (vocabulary.bos, vocabulary.pad, vocabulary.eos, vocabulary.unk)
    tokens = [AddedToken(vocabulary.pieces[i], special=True, normalized=False) for i in ids]
    return [*tokens, AddedToken(MASK, special=True, normalized=False, lstrip=True)]


def compile_table(characters: Mapping[str, str]) -> bytes:
    """Compile a table of single characters into the bytes that `Precompiled` reads.

    They are: the trie's size in bytes (uint32), the trie, the replacements ended by NUL.
    The character NUL itself cannot be replaced: it ends a key.
    """
    values: dict[bytes, int] = {}
    places: dict[str, int] = {}
    replacements = bytearray()
    for character, replacement in characters.items():
        if character == "\0":
            continue
        if replacement not in places:
            places[replacement] = len(replacements)
            replacements += replacement.encode() + b"\0"
        values[character.encode()] = places[replacement]
    trie = _double_array(values)
    return struct.pack("<I", len(trie)) + trie + bytes(replacements)


def _double_array(values: Mapping[bytes, int]) -> bytes:
    """Lay the keys out as a double-array trie.

    From a slot, byte b leads to the slot `place ^ offset ^ b`, which must carry the label b.
    No UTF-8 character begins another, so a slot either ends a key or leads on, never both:
    each beginning gets a block of its own, and the values are packed in blocks after them.
    """
    beginnings = sorted({key[:length] for key in values for length in range(len(key))})
    block = {beginning: BLOCK * number for number, beginning in enumerate(beginnings, 1)}
    place = {b"": 0} | {key: block[key[:-1]] ^ key[-1] for key in [*beginnings, *values] if key}
    first_value = BLOCK * (len(beginnings) + 1)
    slots = [0] * -(-(first_value + len(values)) // BLOCK) * BLOCK
    if len(slots) >= MAX_SLOTS:
        raise ValueError(f"{len(values)} characters need {len(slots)} slots of {MAX_SLOTS}")
    for beginning, start in block.items():
        slots[place[beginning]] = _slot(beginning, place[beginning] ^ start)
    for number, (key, value) in enumerate(values.items(), first_value):
        slots[place[key]] = _slot(key, place[key] ^ number) | HAS_LEAF
        slots[number] = value | IS_VALUE
    return struct.pack(f"<{len(slots)}I", *slots)


def _slot(key: bytes, offset: int) -> int:
    return offset << 10 | (key[-1] if key else 0)
