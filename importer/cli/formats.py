"""Every export format that is read, as its adapter tells of it."""

from __future__ import annotations

import click

from importer.cli.streams import print_document


@click.command(epilog="Example:  simkl-import formats")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def formats(as_json: bool) -> None:
    """Show every export format that is read: where the site hands it out, how its scale and dates are taken."""
    from importer.exports import all_adapters

    adapters = all_adapters()
    if as_json:
        document = {
            "schema": 1,
            "command": "formats",
            "formats": [
                {
                    "name": adapter.name,
                    "site": adapter.about.site,
                    "where": adapter.about.where,
                    "forms": adapter.about.forms,
                    "scale": adapter.about.scale,
                    "dates": adapter.about.dates,
                }
                for adapter in adapters
            ],
        }
        print_document(document)
        return
    for adapter in adapters:
        about = adapter.about
        click.secho(f"{adapter.name}: {about.site}", bold=True)
        for name, text in (
            ("where", about.where),
            ("forms", about.forms),
            ("scale", about.scale),
            ("dates", about.dates),
        ):
            click.echo(click.wrap_text(text, 78, f"  {name:<6}", " " * 8))
        click.echo()
