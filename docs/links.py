"""Links between built pages that lead nowhere: `python -m docs.links FOLDER` names them, and fails if there is any.

Sphinx warns of references that it resolves itself; links in raw HTML, from outputs of notebooks, and anchors of pages
that it did not write are checked here. Addresses of other hosts are left alone.
"""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_PLACES = {"a": "href", "img": "src", "iframe": "src", "script": "src", "link": "href", "object": "data"}
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//")


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = {"", "top"}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.anchors |= {given[name] or "" for name in ("id", "name") if name in given}
        place = given.get(_PLACES.get(tag, "")) or ""
        if place and not _ELSEWHERE.match(place):
            self.links.append(place)


def broken_links(folder: Path) -> list[str]:
    """One sentence for each link between pages, or within one, whose file or anchor is not there."""
    pages = {path: _Page(path.read_text("utf-8")) for path in sorted(folder.rglob("*.html"))}
    found = []
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            aim = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            aim = aim / "index.html" if aim.is_dir() else aim
            anchors = pages[aim].anchors if aim in pages else {"", parts.fragment}
            if not aim.exists() or unquote(parts.fragment) not in anchors:
                found.append(f"{path.relative_to(folder)}: {link}")
    return found


def main() -> None:
    """Look through a folder."""
    folder = Path(sys.argv[1]).resolve()
    found = broken_links(folder)
    if found or not any(folder.rglob("*.html")):
        raise SystemExit("\n".join(found) or f"no pages in {folder}")
    print("every link between the pages leads somewhere")


if __name__ == "__main__":
    main()
