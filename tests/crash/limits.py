"""A process on a bad day: a disk that is full, streams that are closed, a user who may not write."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Iterable

_CAPABILITIES_3 = 0x20080522


def impose(fsize: int | None, closed: Iterable[int], *, powerless: bool) -> None:
    """Bring the bad day over this process. `fsize` is the most bytes that a file may hold."""
    if fsize is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (fsize, fsize))
    for descriptor in closed:
        os.close(descriptor)
        setattr(sys, {0: "stdin", 1: "stdout", 2: "stderr"}[descriptor], None)
    if powerless:
        give_up_power()


def give_up_power() -> None:
    """Let permissions count for root as for anybody."""
    if os.geteuid() == 0:
        header = (ctypes.c_uint32 * 2)(_CAPABILITIES_3, 0)
        nothing = (ctypes.c_uint32 * 6)()
        if ctypes.CDLL(None, use_errno=True).capset(header, nothing):
            raise OSError(ctypes.get_errno(), "capset")


def can_give_up_power() -> bool:
    """Whether a test of permissions tells anything here."""
    return os.geteuid() != 0 or sys.platform == "linux"
