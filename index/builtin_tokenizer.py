"""The tokenizer of the built-in model, from its vocabulary and its table of characters.

`tokenizers` can replace characters by a table only in SentencePiece's compiled form: a
double-array trie followed by the replacements. `compile_table` makes that form. What this
module does not know: where vocabulary and table come from (index.builtin_model).
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

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


def write_tokenizer(vocabulary: Vocabulary, path: Path) -> None:
    """Write tokenizer.json: normalise, mark spaces, cut by likelihood, put <s> and </s> around."""
    named = [vocabulary.pieces[i] for i in (vocabulary.bos, vocabulary.eos)]
    tokenizer = Tokenizer(
        Unigram(
            list(zip(vocabulary.pieces, vocabulary.scores, strict=True)),
            unk_id=vocabulary.unk,
            byte_fallback=False,
        )
    )
    tokenizer.normalizer = Steps(
        [Precompiled(compile_table(vocabulary.characters)), Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = Metaspace(replacement="\u2581", prepend_scheme="always")
    tokenizer.add_special_tokens(_special_tokens(vocabulary))
    tokenizer.post_processor = TemplateProcessing(
        single=f"{named[0]} $A {named[1]}",
        special_tokens=[(named[0], vocabulary.bos), (named[1], vocabulary.eos)],
    )
    tokenizer.save(str(path))


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
