"""The short form of the soak; its long form is a command, see soak.py."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.mark.parametrize("seed", [1, 2])
def test_faults_kills_and_ended_tokens_together_lose_nothing(make, soaked, seed: int) -> None:
    """15 % of all requests go wrong, tokens end, processes die: every rating arrives, once, as planned."""
    with make(1500) as trial:
        statuses = soaked.soak(trial, kills=3, faults=0.15, tokens=2, seed=seed, most=12)
        assert statuses[-1] == 0
        assert statuses.count(-9) >= 1
        assert Path(trial.env["SIMKL_IMPORT_HOME"], "token.json").stat().st_mode & 0o077 == 0
