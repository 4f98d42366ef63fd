"""An Airflow task: one account a task, each in a process and a home folder of its own, retried only if that can help.

Airflow's own pool keeps the machine from too many at once; quota and pace belong to the account and need no pool. Each
account signs in once, on the worker: SIMKL_IMPORT_HOME=/var/lib/simkl-import/ann simkl-import login. It renews itself.
"""

from __future__ import annotations

import os
import subprocess
from datetime import datetime, timedelta

from airflow.exceptions import AirflowException, AirflowFailException
from airflow.sdk import dag, task

ACCOUNTS = ("ann", "bob")
AGAIN = (6, 130, 143)
"""Simkl or the network stopped it, or it was told to stop: the same command goes on where it was."""
DONE = (0, 3, 7)
"""All done; done, and a row newly needs a person; another run of this account is going on."""


@task(retries=4, retry_delay=timedelta(minutes=30), retry_exponential_backoff=True, max_active_tis_per_dag=8)
def import_ratings(account: str) -> int:
    """Run the import of an account, and return its exit status."""
    home = f"/var/lib/simkl-import/{account}"
    command = ["simkl-import", "run", "--config", f"/etc/simkl-import/{account}.toml"]
    done = subprocess.run(command, env={**os.environ, "SIMKL_IMPORT_HOME": home}, check=False)  # noqa: S603 (our own words)
    if done.returncode in AGAIN:
        raise AirflowException(f"simkl-import stopped with status {done.returncode}; it goes on with the next try")
    if done.returncode not in DONE:
        raise AirflowFailException(f"simkl-import ended with status {done.returncode}: trying again would not help")
    return done.returncode


@dag(schedule="10 4 * * *", start_date=datetime(2026, 1, 1), catchup=False, max_active_runs=1)  # noqa: DTZ001 (Airflow's)
def simkl_import() -> None:
    """Import the new ratings of every account, every night."""
    import_ratings.expand(account=list(ACCOUNTS))


simkl_import()
