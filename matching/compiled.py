"""The one way a loop over arrays is compiled: by numba, without the interpreter's lock, kept on disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """The function as machine code, made at its first call and kept beside its file.

    Threads run it at the same time. Where neither the file's folder nor the user's cache folder can be written, the
    machine code is made anew in each process.
    """
    try:
        return cast("F", njit(nogil=True, cache=True)(function))
    except RuntimeError:  # numba's way to say "no folder to keep the cache in"
        return cast("F", njit(nogil=True)(function))
