"""Every fault and mode that the sandbox can play, by name. Without any it answers in the recorded forms."""

from __future__ import annotations

from importer.sandbox.faults.breakage import NETWORK, SERVER, TRANSIENT
from importer.sandbox.faults.fault import Fault, Where
from importer.sandbox.faults.reading import LOOKUPS, READS
from importer.sandbox.faults.refusals import LIMITS, REFUSALS
from importer.sandbox.faults.replies import REPLIES
from importer.sandbox.faults.signing import SIGN_IN
from importer.sandbox.faults.work import RESOLVING, STORING

__all__ = ["FAULTS", "GROUPS", "TABLE", "TRANSIENT", "Fault", "Where"]

# In the order of a listing for people.
GROUPS: dict[str, dict[str, Fault]] = {
    "What a write is answered": REPLIES,
    "Which title an item means": RESOLVING,
    "What a write does to the account": STORING,
    "Limits": LIMITS,
    "Refusals": REFUSALS,
    "A server in trouble": SERVER,
    "A network in trouble": NETWORK,
    "What is read back": READS,
    "Titles looked up": LOOKUPS,
    "Sign-in": SIGN_IN,
}

TABLE: dict[str, Fault] = {name: fault for group in GROUPS.values() for name, fault in group.items()}

# Name and one-line description of each, for option checks and listings.
FAULTS: dict[str, str] = {name: fault.text for name, fault in TABLE.items()}
