"""The two charts of the page: ratings before and after, and ratings by year. Each is a table, or has one beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from importer.report.safe import count, isolate

if TYPE_CHECKING:
    from collections import Counter

    from importer.report.digest import Digest, Scale

OFF_SCALE = 8
"""Texts without a rating on the 1-10 scale that are named one by one; the rest share a line."""
ROOMY = 18
"""Years whose columns have room for a number each on a wide page."""
TEXTS_EACH = 3
"""Texts named beside one rating: "4, 4.0, 4.00"."""


def rating_tables(digest: Digest, forecast: bool) -> str:
    """One table a source: rows in the export by value on the left, ratings on Simkl on the right."""
    return "\n".join(_rating_table(source, scale, forecast) for source, scale in digest.scales.items())


def _rating_table(source: str, scale: Scale, forecast: bool) -> str:
    texts: dict[int, list[tuple[int, str]]] = {}
    off: list[tuple[int, str]] = []
    for (text, rating), rows in scale.before.items():
        (off if rating is None else texts.setdefault(rating, [])).append((rows, text))
    ratings = sorted({*range(1, 11), *texts, *scale.after}, reverse=True)
    read = {rating: sum(rows for rows, _ in texts.get(rating, ())) for rating in ratings}
    highest = max(1, *read.values(), *scale.after.values())
    body = [
        f'<tr><td class="before">{_bar(read[rating], highest)}</td>'
        f'<td class="text">{_texts(texts.get(rating, []))}</td>'
        f'<th scope="row">{rating}</th><td class="after">{_bar(scale.after[rating], highest)}</td></tr>'
        for rating in ratings
    ]
    body.extend(_off_scale(off, scale.others))
    all_read = sum(read.values()) + sum(rows for rows, _ in off) + scale.others
    after = "Would be on Simkl" if forecast else "On Simkl"
    return (
        f'<table class="scale" style="--n:{len(count(highest))}ch">'
        f"<caption>{isolate(source)} <small>{count(all_read)} in the export, {count(scale.after.total())} "
        f"{after.lower().replace('simkl', 'Simkl')}</small></caption>\n"
        '<thead><tr><th scope="col" class="before">In the export</th><th scope="col" class="text">as</th>'
        f'<th scope="col">1-10</th><th scope="col" class="after">{after}</th></tr></thead>\n'
        "<tbody>\n" + "\n".join(body) + "\n</tbody></table>"
    )


def _off_scale(off: list[tuple[int, str]], others: int) -> list[str]:
    off = sorted(off, key=lambda pair: (-pair[0], pair[1]))
    shown = [(rows, isolate(text) if text.strip() else "no text") for rows, text in off[:OFF_SCALE]]
    rest = sum(rows for rows, _ in off[OFF_SCALE:]) + others
    if rest:
        shown.append((rest, "other texts"))
    return [
        f'<tr class="off"><td class="before"><span class="bar"><b>{count(rows)}</b></span></td>'
        f'<td class="text">{text}</td><th scope="row">–<span class="unseen"> no rating from 1 to 10</span></th>'
        '<td class="after"></td></tr>'
        for rows, text in shown
    ]


def _texts(texts: list[tuple[int, str]]) -> str:
    texts = sorted(texts, key=lambda pair: (-pair[0], pair[1]))
    named = ", ".join(isolate(text) for _, text in texts[:TEXTS_EACH])
    return named + ", …" if len(texts) > TEXTS_EACH else named


def _bar(rows: int, highest: int) -> str:
    if not rows:
        return '<span class="bar zero"><b>0</b></span>'
    return f'<span class="bar"><i style="--v:{rows / highest:.4f}"></i><b>{count(rows)}</b></span>'


def year_chart(years: Counter[int]) -> str:
    """Columns by year, gaps included, with the same numbers as a table that opens below."""
    if not years:
        return '<p class="empty">No row with a date.</p>'
    span = range(min(years), max(years) + 1)
    highest = max(years.values())
    # Every label where there is room, else about eight; a phone shows every second of those.
    step = 1 if len(span) <= ROOMY else -(-len(span) // 8)
    columns = "".join(
        f'<span class="col{_labelled(place, step, len(span))}"><b>{count(years[year])}</b>'
        f'<i style="--v:{years[year] / highest:.4f}"></i><small>{year}</small></span>'
        for place, year in enumerate(span)
    )
    crowd = " crowd" if len(span) > ROOMY else ""
    best = max(years, key=lambda year: (years[year], year))
    rows = "".join(
        f'<tr><th scope="row">{year}</th><td class="number">{count(years[year])}</td></tr>'
        for year in span
        if years[year]
    )
    return (
        f"<p>Most in {best}: {count(highest)} of {count(years.total())}.</p>\n"
        f'<div class="columns{crowd}" aria-hidden="true">{columns}</div>\n'
        "<details><summary>The years as a table</summary>\n"
        '<table class="plain narrow"><caption>Ratings by the year they were given</caption>'
        '<thead><tr><th scope="col">Year</th><th scope="col" class="number">Ratings</th></tr></thead>\n'
        f"<tbody>{rows}</tbody></table></details>"
    )


def _labelled(place: int, step: int, columns: int) -> str:
    if place % step or (step > 1 and columns - place < step / 2):
        return ""
    return " said" if place // step % 2 == 0 else " said spare"
