"""One page with every picture on it."""

import html
from collections.abc import Sequence
from pathlib import Path

_PAGE = """<!doctype html>
<meta charset="utf-8">
<title>DeskPay, every screen</title>
<style>
body {{ font: 13px/18px Inter, sans-serif; margin: 24px; background: #e9ebef; color: #141821; }}
section {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(360px, 1fr)); gap: 16px; }}
figure {{ margin: 0; }}
img {{ width: 100%; border: 1px solid #cdd2da; border-radius: 6px; }}
</style>
{body}
"""


def write_sheet(out: Path, folders: Sequence[str], names: Sequence[str]) -> None:
    """Write `index.html` into `out`.

    Args:
        out: Where the folders are.
        folders: Theme and size of each.
        names: Of the files in every folder.
    """
    parts = []
    for folder in folders:
        figures = "".join(
            f'<figure><a href="{html.escape(f"{folder}/{name}")}.png">'
            f'<img loading="lazy" src="{html.escape(f"{folder}/{name}")}.png" alt="{html.escape(name)}"></a>'
            f"<figcaption>{html.escape(name)}</figcaption></figure>\n"
            for name in names
        )
        parts.append(f"<h2>{html.escape(folder)}</h2>\n<section>\n{figures}</section>")
    (out / "index.html").write_text(_PAGE.format(body="\n".join(parts)), encoding="utf-8")
