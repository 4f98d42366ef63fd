"""The soak: a large import through faults, ended tokens and kills, seeded.

Long form: `python tests/crash/soak.py --ratings 20000 --kills 8 --seed 1`. Random kills alone:
`python tests/crash/soak.py --ratings 5000 --faults 0 --tokens 0 --kills 200 --batch-size 25`.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from pathlib import Path

import invariants
import trial as trials

from importer.sandbox.tokens import ALL_SCOPES

SCALE = 0.01


def soak(
    tried: trials.Trial,
    *,
    kills: int,
    faults: float,
    tokens: int,
    seed: int,
    most: int = 40,
    most_runs: int = 400,
) -> list[int]:
    """Run the same command until it ends with status 0: `kills` of the runs are killed at a random moment, a share
    `faults` of all requests goes wrong, and `tokens` times the access token ends. Return the statuses.
    A run that is to be killed dies after its first `most` requests at the latest.
    """
    dice = random.Random(seed)
    box = tried.sandbox
    if tokens:
        _sign_in(tried)
    box.faults.random(faults, seed=seed)
    killed = ended = 0
    while len(tried.statuses) < most_runs:
        if ended < tokens:
            for token in list(box.keyring.tokens.values()):
                if token.refresh is not None and not token.revoked:
                    box.expire(token.value)
            ended += 1
        after = trials.some_moment(dice, most) if killed < kills else None
        status = tried.run(after=after)
        killed += status == trials.KILLED
        tried.witness.check_disk()
        assert status in (0, 6, trials.KILLED), (status, tried.said())
        if not status:
            break
    box.faults.turn_off()
    done = list(tried.statuses)
    invariants.check(tried, faults=faults > 0)
    return done


def _sign_in(tried: trials.Trial) -> None:
    """Use a token file with a refresh token instead of the environment."""
    access, refresh = tried.sandbox.keyring.issue(51, trials.CLIENT, ALL_SCOPES)
    home = Path(tried.env["SIMKL_IMPORT_HOME"])
    home.mkdir(mode=0o700, exist_ok=True)
    now = time.time()
    kept = {
        "client_id": trials.CLIENT,
        "access_token": access.value,
        "refresh_token": refresh.value,
        "expires_at": now + 604_800,
        "issued_at": now,
        "flow": "device",
    }
    file = home / "token.json"
    file.touch(0o600)
    file.write_text(json.dumps(kept))
    del tried.env["SIMKL_ACCESS_TOKEN"], tried.env["SIMKL_CLIENT_ID"]


def main() -> None:
    """Soak by the command line's numbers and tell what came of it."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--ratings", type=int, default=20_000)
    asked.add_argument("--kills", type=int, default=8)
    asked.add_argument("--faults", type=float, default=0.15, help="share of requests that go wrong")
    asked.add_argument("--tokens", type=int, default=3, help="how often the access token ends")
    asked.add_argument("--batch-size", type=int, default=None)
    asked.add_argument("--memory", type=int, default=64, help="MB a process may hold, and one more per 600 ratings")
    asked.add_argument("--requests", type=int, default=40, help="requests until a kill, at most")
    asked.add_argument("--seed", type=int, default=1)
    wanted = asked.parse_args()
    nursery = trials.Nursery()
    began = time.monotonic()
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            trials.trial(Path(folder), nursery, wanted.ratings, wanted.batch_size, scale=SCALE) as tried,
        ):
            statuses = soak(
                tried,
                kills=wanted.kills,
                faults=wanted.faults,
                tokens=wanted.tokens,
                seed=wanted.seed,
                most=wanted.requests,
                most_runs=5000,
            )
            # Retries and kills must not make it grow: a run holds its export and the account, and nothing besides.
            assert nursery.peak() < (wanted.memory + wanted.ratings / 600) * 1024, f"{nursery.peak()} KB in one process"
            sent = tried.sandbox.requests("POST", "/sync/ratings")
            faulty = sum(entry.fault is not None for entry in tried.sandbox.log)
            words = (
                f"{wanted.ratings} ratings, seed {wanted.seed}: {len(statuses)} runs, {statuses.count(trials.KILLED)}"
                f" killed, {len(sent)} POSTs, {faulty} of {len(tried.sandbox.log)} requests faulty,"
                f" {nursery.peak() // 1024} MB at most in one process, {time.monotonic() - began:.0f} s:"
                " every rating on the account once, every row applied once, no POST early\n"
            )
    finally:
        nursery.close()
    sys.stdout.write(words)


if __name__ == "__main__":
    main()
