"""The password of the staff page, its sessions and its wrong tries."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.sign_in import (
    MOST_TRIES,
    SESSION_SECONDS,
    TRIES_SECONDS,
    SignIn,
    check_password,
    hash_password,
    is_same,
    password_hash,
)
from corpus.errors import UsageError

PASSWORD = "塞上江南-2026"
HASHED = hash_password(PASSWORD)


class Clock:
    """A clock that a test turns by hand."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def quick_hash(text):
    """A real hash with few rounds, so that a test may try many passwords."""
    salt = b"0123456789abcdef"
    return f"pbkdf2_sha256:1000:{salt.hex()}:" + (
        hashlib.pbkdf2_hmac("sha256", text.encode(), salt, 1000).hex()
    )


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def sign_in(clock):
    return SignIn(quick_hash(PASSWORD), clock)


def test_only_the_password_opens():
    assert check_password(PASSWORD, HASHED)
    assert not check_password(PASSWORD + " ", HASHED)
    assert not check_password("", HASHED)


def test_a_hash_holds_no_password_and_no_sign_of_a_shell():
    assert PASSWORD not in HASHED
    assert not set(HASHED) & set("$`\\\"' ")
    assert hash_password(PASSWORD) != HASHED


@pytest.mark.parametrize("text", ["", "七个字符的密码", "x" * 1025])
def test_a_password_too_short_or_too_long_is_refused(text):
    with pytest.raises(UsageError, match="8 到 1024"):
        hash_password(text)


@pytest.mark.parametrize(
    "hashed",
    [
        "secret",
        "scrypt:16384:8:1",
        "scrypt:3:8:1:" + "00" * 16 + ":" + "00" * 32,
        "md5:1:" + "00" * 16 + ":" + "00" * 32,
        "scrypt:32768:8:3:zz:zz",
        "scrypt:32768:8:3:" + "00" * 16 + ":",
        HASHED[:-64],
    ],
)
def test_a_hash_that_cannot_be_used_says_what_to_do(hashed):
    with pytest.raises(UsageError, match="policy hash-password"):
        check_password(PASSWORD, hashed)


def test_a_hash_in_pbkdf2_opens_too():
    assert check_password(PASSWORD, quick_hash(PASSWORD))
    assert not check_password("别的密码", quick_hash(PASSWORD))


def test_without_a_password_there_is_no_hash():
    assert password_hash({}) is None
    assert password_hash({"POLICY_STAFF_PASSWORD": "", "POLICY_STAFF_PASSWORD_HASH": " "}) is None


def test_a_plain_password_is_hashed_and_a_hash_wins_over_it():
    made = password_hash({"POLICY_STAFF_PASSWORD": "短"})
    assert made is not None
    assert check_password("短", made)
    both = {"POLICY_STAFF_PASSWORD": "短", "POLICY_STAFF_PASSWORD_HASH": f" {HASHED}\n"}
    assert password_hash(both) == HASHED


def test_a_wrong_hash_in_the_environment_is_said_at_the_start():
    with pytest.raises(UsageError, match="POLICY_STAFF_PASSWORD_HASH"):
        password_hash({"POLICY_STAFF_PASSWORD_HASH": PASSWORD})


def test_a_session_opens_with_the_password_and_ends_after_eight_hours(sign_in, clock):
    key = sign_in.open(PASSWORD, "10.0.0.1")
    assert sign_in.find(key) is not None
    clock.now += SESSION_SECONDS - 1
    assert sign_in.find(key) is not None
    clock.now += 1
    assert sign_in.find(key) is None


def test_sign_out_ends_one_session_and_no_other(sign_in):
    first, second = sign_in.open(PASSWORD, "a"), sign_in.open(PASSWORD, "a")
    sign_in.close(first)
    assert sign_in.find(first) is None
    assert sign_in.find(second) is not None
    sign_in.close(None)
    assert sign_in.find(second) is not None


@pytest.mark.parametrize("key", [None, "", "x" * 43, "\ud800"])
def test_a_key_nobody_was_given_opens_nothing(sign_in, key):
    sign_in.open(PASSWORD, "a")
    assert sign_in.find(key) is None


def test_a_form_of_another_session_is_not_taken(sign_in):
    one = sign_in.find(sign_in.open(PASSWORD, "a"))
    other = sign_in.find(sign_in.open(PASSWORD, "a"))
    assert is_same(one.token, one)
    assert not is_same(other.token, one)
    assert not is_same("", one)
    assert not is_same("令牌", one)


def test_after_ten_wrong_tries_even_the_password_waits_a_minute(sign_in, clock):
    for _ in range(MOST_TRIES):
        assert sign_in.seconds_to_wait("a") == 0
        assert sign_in.open("错", "a") is None
    assert sign_in.seconds_to_wait("a") == TRIES_SECONDS
    assert sign_in.open(PASSWORD, "a") is None
    assert sign_in.open(PASSWORD, "b") is not None
    clock.now += TRIES_SECONDS
    assert sign_in.seconds_to_wait("a") == 0
    assert sign_in.open(PASSWORD, "a") is not None


def test_tries_at_the_same_time_count_too(sign_in):
    with ThreadPoolExecutor(8) as pool:
        assert not any(pool.map(lambda _: sign_in.open("错", "a"), range(3 * MOST_TRIES)))
    assert sign_in.open(PASSWORD, "a") is None


def test_the_right_password_forgets_the_wrong_tries(sign_in):
    for _ in range(MOST_TRIES - 1):
        sign_in.open("错", "a")
    assert sign_in.open(PASSWORD, "a") is not None
    for _ in range(MOST_TRIES - 1):
        assert sign_in.open("错", "a") is None
    assert sign_in.seconds_to_wait("a") == 0


def test_the_sessions_kept_are_bounded(clock):
    sign_in = SignIn(quick_hash(PASSWORD), clock)
    keys = [sign_in.open(PASSWORD, "a") for _ in range(220)]
    assert sign_in.find(keys[0]) is None
    assert sign_in.find(keys[-1]) is not None
