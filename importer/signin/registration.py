"""What a person types into Simkl's form to register an app, value by value (/api-reference/oauth2-device)."""

from __future__ import annotations

from importer.simkl.refusals import DEVICE_KIND

VALUES = (
    ("Name", "simkl-import"),
    ("Description", "Moves my ratings into Simkl"),
    ("Kind", DEVICE_KIND),
)
"""The form's fields, each with what belongs there. This kind has no secret and no redirect address."""
