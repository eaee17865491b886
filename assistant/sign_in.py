"""Who may open the staff page: one password, kept as a hash; sessions kept in memory.

What it does not know: pages and cookies. A restart signs everybody out, and so does a second
process: the staff page wants one process.
"""

import hashlib
import hmac
import os
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from corpus.errors import UsageError

SESSION_SECONDS = 8 * 3600
MOST_TRIES = 10  # wrong passwords of one address within TRIES_SECONDS
TRIES_SECONDS = 60
HASH_VARIABLE = "POLICY_STAFF_PASSWORD_HASH"
PASSWORD_VARIABLE = "POLICY_STAFF_PASSWORD"
_MOST_SESSIONS = 200
_MOST_ADDRESSES = 10_000
_LONGEST_PASSWORD = 1024  # characters
_N, _R, _P = 2**15, 8, 3  # scrypt: 32 MB and some 0.3 s for each try
_MOST_MEMORY = 256 * 1024 * 1024
_DIGESTS = {"pbkdf2_sha256": "sha256", "pbkdf2_sha512": "sha512"}
_HASHING = threading.Lock()  # many tries at once must not take 32 MB each

Clock = Callable[[], float]


def hash_password(text: str) -> str:
    """Return `scrypt:n:r:p:salt:key`, new for each call; no sign in it means anything to a shell.

    Raises UsageError for a password of fewer than 8 or more than 1024 characters.
    """
    if not 8 <= len(text) <= _LONGEST_PASSWORD:
        raise UsageError(f"密码应为 8 到 {_LONGEST_PASSWORD} 个字符，这里是 {len(text)} 个。")
    return _hashed(text)


def _hashed(text: str) -> str:
    salt = secrets.token_bytes(16)
    return f"scrypt:{_N}:{_R}:{_P}:{salt.hex()}:{_scrypt(text, salt, (_N, _R, _P)).hex()}"


def check_password(text: str, hashed: str) -> bool:
    """Whether the text is the password of `hash_password`, or of pbkdf2_sha256:rounds:salt:key.

    Raises UsageError when the hash is neither.
    """
    try:
        kind, *numbers, salt, key = hashed.strip().split(":")
        expected, salted = bytes.fromhex(key), bytes.fromhex(salt)
        if len(expected) < 16 or len(salted) < 8:
            raise ValueError("too short")
        with _HASHING:
            found = _derived(text[:_LONGEST_PASSWORD], kind, salted, [int(one) for one in numbers])
    except (ValueError, KeyError, OverflowError, MemoryError) as error:
        raise UsageError(
            f"{HASH_VARIABLE} 不是可用的密码摘要。请用 policy hash-password 重新生成，完整地填入。"
        ) from error
    return hmac.compare_digest(found, expected)


def _derived(text: str, kind: str, salt: bytes, numbers: list[int]) -> bytes:
    if kind == "scrypt":
        n, r, p = numbers
        return _scrypt(text, salt, (n, r, p))
    (rounds,) = numbers
    return hashlib.pbkdf2_hmac(_DIGESTS[kind], _bytes(text), salt, rounds)


def _scrypt(text: str, salt: bytes, costs: tuple[int, int, int]) -> bytes:
    n, r, p = costs
    return hashlib.scrypt(_bytes(text), salt=salt, n=n, r=r, p=p, maxmem=_MOST_MEMORY, dklen=32)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def password_hash(environment: Mapping[str, str] | None = None) -> str | None:
    """The hash that the environment gives, made here from a plain password; None without either.

    Raises UsageError when the hash cannot be used.
    """
    given = os.environ if environment is None else environment
    if hashed := given.get(HASH_VARIABLE, "").strip():
        check_password("", hashed)  # a wrong hash is said at the start, not at the first sign-in
        return hashed
    plain = given.get(PASSWORD_VARIABLE, "")
    return _hashed(plain) if plain else None


@dataclass
class Session:
    """One signed-in browser."""

    token: str  # in every form, so that no other site can send one
    expires: float
    messages: list[tuple[str, str]] = field(default_factory=list)  # (kind, sentence) to show once


class SignIn:
    """The password, the sessions open now, and the wrong tries of each address."""

    def __init__(self, hashed: str, clock: Clock = time.monotonic) -> None:
        self._hashed = hashed
        self._clock = clock
        self._lock = threading.Lock()
        self._sessions: dict[str, Session] = {}
        self._tries: dict[str, deque[float]] = {}

    def seconds_to_wait(self, address: str) -> int:
        """How long this address has to wait before its next try; 0 when it need not."""
        with self._lock:
            tries = self._recent(address)
            if len(tries) < MOST_TRIES:
                return 0
            return max(1, round(tries[0] + TRIES_SECONDS - self._clock()))

    def open(self, password: str, address: str) -> str | None:
        """The key of a new session, for the cookie; None when the password is wrong.

        A try counts before it is checked: many at once gain nothing.
        """
        with self._lock:
            tries = self._recent(address)
            if len(tries) >= MOST_TRIES:
                return None
            tries.append(self._clock())
        if not check_password(password, self._hashed):
            return None
        key = secrets.token_urlsafe(32)
        with self._lock:
            self._tries.pop(address, None)
            self._forget_expired()
            session = Session(secrets.token_urlsafe(32), self._clock() + SESSION_SECONDS)
            self._sessions[_named(key)] = session
        return key

    def find(self, key: str | None) -> Session | None:
        """The session of this key, unless it has ended."""
        if not key:
            return None
        with self._lock:
            session = self._sessions.get(_named(key))
            if session is not None and session.expires <= self._clock():
                del self._sessions[_named(key)]
                return None
            return session

    def close(self, key: str | None) -> None:
        """End the session of this key."""
        with self._lock:
            self._sessions.pop(_named(key or ""), None)

    def _recent(self, address: str) -> "deque[float]":
        since = self._clock() - TRIES_SECONDS
        if len(self._tries) > _MOST_ADDRESSES:
            kept = {one: tries for one, tries in self._tries.items() if tries and tries[-1] > since}
            self._tries = dict(list(kept.items())[-_MOST_ADDRESSES:])
        tries = self._tries.setdefault(address, deque())
        while tries and tries[0] <= since:
            tries.popleft()
        return tries

    def _forget_expired(self) -> None:
        now = self._clock()
        kept = {key: one for key, one in self._sessions.items() if one.expires > now}
        self._sessions = dict(list(kept.items())[-_MOST_SESSIONS + 1 :])


def is_same(token: str, session: Session) -> bool:
    """Whether a form carries the session's token."""
    return hmac.compare_digest(_bytes(token), session.token.encode())


def _named(key: str) -> str:
    """What is kept of a key: memory that leaks holds nothing that opens a session."""
    return hashlib.sha256(_bytes(key)).hexdigest()
