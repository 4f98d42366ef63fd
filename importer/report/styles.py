"""How the page looks: two palettes as CSS variables, one style sheet. System fonts, nothing loaded."""

from __future__ import annotations

LIGHT = {
    "paper": "#f7f5f0",
    "card": "#fffefb",
    "ink": "#22252a",
    "dim": "#5d626b",
    "line": "#ddd8cc",
    "link": "#0b5f66",
    "good": "#0d6b5e",
    "warn": "#9a3d12",
    "before": "#a0833f",
    "applied": "#16806f",
    "unchanged": "#4c9b8b",
    "kept": "#4f74a8",
    "neutral": "#8c887a",
    "trouble": "#cf5a24",
    "pending": "#a37e1f",
}
DARK = {
    "paper": "#14171b",
    "card": "#1c2026",
    "ink": "#e9e6df",
    "dim": "#a3a8b0",
    "line": "#343a43",
    "link": "#74cfd3",
    "good": "#6fd3be",
    "warn": "#f3a277",
    "before": "#9a8350",
    "applied": "#3fa994",
    "unchanged": "#35867a",
    "kept": "#6f94c9",
    "neutral": "#767d88",
    "trouble": "#e0743f",
    "pending": "#bd9a44",
}

_RULES = """
*{box-sizing:border-box}
html{font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;
background:var(--paper);color:var(--ink);-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:62rem;padding:0 1rem 3rem;overflow-wrap:anywhere}
a{color:var(--link);text-underline-offset:.15em}
a:focus-visible,summary:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:2px}
code,pre{font:.9em/1.5 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
pre{margin:.75rem 0;padding:.75rem 1rem;border:1px solid var(--line);border-radius:.5rem;white-space:pre-wrap}
.dim,small{color:var(--dim)}
.skip,.unseen{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.25rem .5rem}
header{padding:2.5rem 0 1rem}
h1{margin:0;font-size:.9rem;font-weight:600;letter-spacing:.02em;color:var(--dim)}
.lead{margin:.5rem 0 1.25rem;max-width:24em;text-wrap:balance;font:400 2.5rem/1.2 ui-serif,"Iowan Old Style",Palatino,
Georgia,"Noto Serif","DejaVu Serif",serif;letter-spacing:-.01em;overflow-wrap:break-word}
.lead b{font-weight:600;color:var(--good);font-variant-numeric:tabular-nums}
.lead .need,.lead .need b{color:var(--warn)}
.facts{margin:0 0 .25rem;color:var(--dim);font-size:.9rem}
.notice{margin:1rem 0 0;padding:.75rem 1rem;border-left:4px solid var(--trouble);background:var(--card);
border-radius:0 .5rem .5rem 0}
.strip{display:flex;gap:2px;height:1.1rem;margin:0 0 .75rem;border-radius:.55rem;overflow:hidden}
.strip i{min-width:4px;flex-basis:0}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:0;padding:.75rem 0;list-style:none;
border-block:1px solid var(--line);font-size:.95rem}
section{margin-top:1.5rem;padding:1.5rem;background:var(--card);border:1px solid var(--line);border-radius:.9rem}
h2{margin:0 0 .25rem;font-size:1.3rem;line-height:1.3;letter-spacing:-.01em}
h3{margin:2rem 0 0;font-size:1.05rem;line-height:1.4}
h3 data{margin-left:.35rem;padding:.05rem .55rem;border:1px solid var(--line);border-radius:1rem;color:var(--warn);
font-size:.9rem;font-variant-numeric:tabular-nums}
section p{margin:.25rem 0 .75rem}
.step{color:var(--dim)}
.empty,.more{color:var(--dim);font-style:italic}
table{width:100%;border-collapse:collapse;font-variant-numeric:tabular-nums}
caption{padding:.25rem 0;text-align:left;color:var(--dim);font-size:.9rem}
th,td{padding:.4rem .5rem;text-align:left;vertical-align:top;font-weight:400}
th:first-child,td:first-child{padding-left:0}
th:last-child,td:last-child{padding-right:0}
thead th{color:var(--dim);font-size:.85rem;vertical-align:bottom}
.plain tr+tr>*,.plain tbody,.plain tfoot{border-top:1px solid var(--line)}
.number{text-align:right;white-space:nowrap}
.narrow{width:auto;min-width:14rem}
.rows{table-layout:fixed}
.rows th:nth-child(1){width:42%}
.rows th:nth-child(2){width:23%}
.pair th:nth-child(2){width:32%}
.pair th:nth-child(1){width:32%}
.rows tbody th{font-weight:500}
pre span{white-space:nowrap}
.rating{word-spacing:-.05em}
.place{color:var(--dim);font-size:.9rem}
.ledger th[scope=row]{width:12rem;overflow-wrap:normal;white-space:nowrap;font-weight:500}
.ledger .number{width:1%}
.ledger .reason th{padding-left:1.5rem;font-weight:400;white-space:normal;color:var(--dim)}
.ledger .reason td,.ledger .none *{color:var(--dim)}
.ledger .reason>*{border-top:0!important;padding-block:0 .4rem;font-size:.92rem}
.ledger tfoot th[scope=row],.ledger tfoot *{font-weight:600}
.dot{display:inline-block;width:.7rem;height:.7rem;margin-right:.5rem;border-radius:50%}
.scale{margin-top:1rem}
.scale caption{font-size:1.05rem;font-weight:600;color:var(--ink)}
.scale caption small{margin-left:.4rem;font-weight:400}
.scale th,.scale td{padding:.12rem .4rem;vertical-align:middle;text-align:center}
.scale .before,.scale .after{width:39%}
.scale thead .before{text-align:right}.scale thead .after{text-align:left}
.scale tbody th{font-weight:600}
.scale .text{color:var(--dim);white-space:nowrap;text-align:right}
.zero{color:var(--dim)}
.scale .off .text{white-space:normal}
.scale .off:not(.off~.off)>*{padding-top:.6rem}
.bar{display:flex;align-items:center;gap:.4rem}
.before .bar{flex-direction:row-reverse}
.bar i{flex:none;width:calc((100% - var(--n) - .5rem)*var(--v));min-width:2px;height:1.05rem;background:var(--applied);
border-radius:0 .25rem .25rem 0}
.before .bar i{background:var(--before);border-radius:.25rem 0 0 .25rem}
.bar b{font-weight:400;font-size:.9rem}
.columns{display:flex;align-items:flex-end;gap:min(.4rem,.6%);height:13rem;margin:1rem 0 .5rem}
.col{position:relative;display:flex;flex:1 1 0;min-width:0;max-width:6rem;height:100%;flex-direction:column;
justify-content:flex-end;
padding-bottom:1.6rem;text-align:center}
.col i{flex:none;height:calc((100% - 1.6rem)*var(--v));min-height:1px;border-radius:.25rem .25rem 0 0;
background:var(--applied)}
.col b{font-weight:400;font-size:.8rem;line-height:1.6rem}
.col small{position:absolute;bottom:0;left:50%;display:none;transform:translateX(-50%);font-size:.8rem;
white-space:nowrap}
.col.said small{display:block}
.crowd .col b{display:none}
summary{cursor:pointer;color:var(--link)}
.scroll{overflow-x:auto}
footer{margin-top:2rem;color:var(--dim);font-size:.9rem}
@media (max-width:40rem){
html{font-size:15px}
header{padding-top:1.5rem}
.lead{font-size:1.8rem}
section{margin-inline:-.5rem;padding:1.1rem .9rem}
.ledger th[scope=row]{width:auto}
th,td{padding-inline:.3rem}
.scale th,.scale td{padding-inline:.2rem}
.scale .before,.scale .after{width:39%}
.spare small,.col b{display:none!important}
}
@media print{
:root{PRINT}
html{font-size:10.5pt;background:none}
body{max-width:none;padding:0}
nav,.skip{display:none}
section{padding:0;border:0;background:none}
h2,h3,caption,section>p{break-after:avoid}
tr,.columns,.strip{break-inside:avoid}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
details::details-content{content-visibility:visible;block-size:auto}
}
"""

OUTCOME_COLOURS = {
    "applied": "applied",
    "restored": "applied",
    "unchanged": "unchanged",
    "removed": "kept",
    "kept": "kept",
    "left": "neutral",
    "duplicate": "neutral",
    "skipped": "neutral",
    "rejected": "trouble",
    "not_found": "trouble",
    "unconfirmed": "trouble",
    "failed": "trouble",
    "pending": "pending",
}


def style_sheet() -> str:
    """The whole style sheet; dark where the reader's system is, always light on paper."""
    rules = _RULES.replace("PRINT", _variables(LIGHT))
    outcomes = "".join(f".o-{name}{{background:var(--{colour})}}\n" for name, colour in OUTCOME_COLOURS.items())
    return (
        f":root{{color-scheme:light dark;{_variables(LIGHT)}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{{_variables(DARK)}}}}}{rules}{outcomes}"
    )


def _variables(palette: dict[str, str]) -> str:
    return ";".join(f"--{name}:{colour}" for name, colour in palette.items())
