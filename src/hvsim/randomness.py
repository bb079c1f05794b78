"""The only source of luck: keyed draws.

Each draw is a pure function of a seed, a key (a family, a mother, a provider), a purpose and a
number k. It comes from the counter-based generator Philox 4x32-10 (Salmon, Moraes, Dror and Shaw
2011, "Parallel random numbers: as easy as 1, 2, 3", SC11), so that no draw depends on another, on
the order of processing or on the number of threads.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable

import numpy as np

from hvsim.compiled import compiled

_MASK = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_TWENTY = np.uint64(20)
_TWELVE = np.uint64(12)
_TWO_POW_MINUS_52 = 2.0**-52


@compiled
def philox(c0, c1, c2, c3, k0, k1):
    """Four 32-bit words (in uint64) of Philox 4x32-10 for a counter and a key."""
    for _ in range(10):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0, c1, c2, c3 = (
            ((p1 >> _SHIFT) ^ c1 ^ k0) & _MASK,
            p1 & _MASK,
            ((p0 >> _SHIFT) ^ c3 ^ k1) & _MASK,
            p0 & _MASK,
        )
        k0 = (k0 + _W0) & _MASK
        k1 = (k1 + _W1) & _MASK
    return c0, c1, c2, c3


@compiled
def _words(seed, key, purpose, k):
    seed = np.uint64(seed)
    key = np.uint64(key)
    return philox(
        np.uint64(k),
        np.uint64(purpose),
        key & _MASK,
        key >> _SHIFT,
        seed & _MASK,
        seed >> _SHIFT,
    )


@compiled
def _unit(high, low):
    """Number strictly between 0 and 1 from the upper 52 of two words' 64 bits."""
    return (float((high << _TWENTY) | (low >> _TWELVE)) + 0.5) * _TWO_POW_MINUS_52


@compiled
def uniform(seed, key, purpose, k):
    """Uniform draw, strictly between 0 and 1."""
    w0, w1, _, _ = _words(seed, key, purpose, k)
    return _unit(w0, w1)


@compiled
def exponential(seed, key, purpose, k):
    """Unit exponential draw."""
    return -math.log(uniform(seed, key, purpose, k))


@compiled
def normal(seed, key, purpose, k):
    """Standard normal draw (Box and Muller 1958)."""
    w0, w1, w2, w3 = _words(seed, key, purpose, k)
    return math.sqrt(-2.0 * math.log(_unit(w0, w1))) * math.cos(2.0 * math.pi * _unit(w2, w3))


@compiled
def derived_key(key, purpose):
    """64-bit key that follows from another key alone, whatever the seed of a run."""
    w0, w1, _, _ = _words(0, key, purpose, 0)
    return (w0 << _SHIFT) | w1


def purpose(kind: str, name: str) -> int:
    """32-bit number of what a draw is for."""
    return int.from_bytes(hashlib.blake2b(f"{kind}/{name}".encode(), digest_size=4).digest())


def key(kind: str, name: str) -> int:
    """64-bit key of an organization, by its name."""
    return int.from_bytes(hashlib.blake2b(f"{kind}/{name}".encode(), digest_size=8).digest())


def refuse_collisions(purposes: Iterable[tuple[str, str]]) -> None:
    """Check that all purposes of a scenario have different numbers.

    Raises
    ------
    ValueError
        If two share a number: their draws would be the same.
    """
    seen: dict[int, tuple[str, str]] = {}
    for kind, name in purposes:
        other = seen.setdefault(purpose(kind, name), (kind, name))
        if other != (kind, name):
            raise ValueError(
                f"the draws for {kind} '{name}' and {other[0]} '{other[1]}' would coincide; "
                "rename one of them"
            )


def generator(seed: int, name: str) -> np.random.Generator:
    """Sequential generator for optimizers, MCMC and bootstraps; never for the simulation."""
    return np.random.Generator(np.random.Philox(key=[seed, key("generator", name)]))
