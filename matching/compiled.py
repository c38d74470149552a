"""Numba where it is installed: a kernel is compiled once, or run as plain Python on lists."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import FunctionType
from typing import Any

import numpy as np

SMALL = 5_000
"""Work (pairs) below which plain Python is quicker than loading the compiler."""


@cache
def numba_is_there() -> bool:
    """Say whether numba can be imported.

    Examples
    --------
    >>> numba_is_there() in (True, False)
    True
    """
    try:
        import numba  # noqa: F401
    except ImportError:
        return False
    return True


@cache
def _compile(kernel: FunctionType) -> Callable[..., Any]:
    """Compile a kernel, and before it the functions of its module that it calls."""
    import numba

    named = [(name, kernel.__globals__.get(name)) for name in kernel.__code__.co_names]
    called = {
        name: _compile(one) for name, one in named
        if isinstance(one, FunctionType) and one.__module__ == kernel.__module__
    }
    if called:
        kernel = FunctionType(kernel.__code__, kernel.__globals__ | called, kernel.__name__)
    return numba.njit(cache=True)(kernel)


def pays(work: int) -> bool:
    """Say whether `work` pairs are enough for compiled kernels, and numba is there.

    Examples
    --------
    >>> pays(10)
    False
    """
    return work >= SMALL and numba_is_there()


def run(kernel: Callable[..., Any], *arguments: Any, fast: bool, lists: bool = True) -> Any:
    """Run `kernel`, compiled if `fast`, else on lists, which Python indexes faster than arrays.

    Parameters
    ----------
    kernel : function
        Only indexes its arrays; writes its answers into those that are writeable; calls only functions of its own
        module. The dtypes of its arrays never change, so that it is compiled once (the result is kept on disk).
    *arguments
        Arrays, which may be read-only, and numbers.
    fast : bool
        What `pays` said.
    lists : bool
        Whether plain Python is given lists; not worth their making where the kernel looks at little.

    Examples
    --------
    >>> def double(values):
    ...     for i in range(len(values)):
    ...         values[i] *= 2
    >>> values = np.array([1, 2])
    >>> run(double, values, fast=False)
    >>> values
    array([2, 4])
    """
    if fast:
        return _compile(kernel)(*arguments)
    if not lists:
        return kernel(*arguments)
    made = [part.tolist() if isinstance(part, np.ndarray) else part for part in arguments]
    result = kernel(*made)
    for part, values in zip(arguments, made, strict=True):
        if isinstance(part, np.ndarray) and part.flags.writeable:
            part[:] = values
    return result
