"""How exports are to be read, as the options say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from adapters.protocol import Choices
from adapters.reading.dates import DateOrder
from adapters.reading.scale import Rounding, Scale
from importer.exports import all_adapters
from importer.machine.setting import nearest

if TYPE_CHECKING:
    from adapters.protocol import Adapter
    from importer.cli.options import Effective


def chosen_adapters(wanted: str | None) -> tuple[Adapter, ...]:
    """The one that `--from` names, else all. Raises a usage error that names the nearest right one."""
    adapters = all_adapters()
    if wanted is None:
        return adapters
    chosen = tuple(adapter for adapter in adapters if adapter.name == wanted)
    if not chosen:
        near = nearest(wanted, tuple(adapter.name for adapter in adapters))
        raise click.BadParameter(f"cannot be {wanted!r}{near}", param_hint="'--from'")
    return chosen


def choices_of(values: Effective) -> Choices:
    """What the person chose about how exports are read."""
    order, scale, rounding = values["date-order"], values["scale"], values["round"]
    return Choices(
        encoding=values["encoding"],
        date_order=None if order is None else DateOrder(order),
        scale=None if scale is None else Scale(scale),
        round=None if rounding is None else Rounding(rounding),
        map=tuple(_pair(text, last=True) for text in values["map"]),
        set=tuple(_pair(text, last=False) for text in values["set"]),
    )


def _pair(text: str, *, last: bool) -> tuple[str, str]:
    """Part NAME=VALUE; a column's name may hold an equals sign, and so may a value."""
    name, _, value = text.rpartition("=") if last else text.partition("=")
    return name.strip(), value.strip()
