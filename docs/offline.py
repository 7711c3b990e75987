"""What built pages would fetch from elsewhere: `python -m docs.offline FOLDER` names it, and fails if there is any.

Links that a reader may follow are no matter; scripts, styles, fonts and pictures are, which a page loads by itself.
"""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path

_LOADED = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "object": "data"}
_NO_LOADS = {"canonical", "next", "prev", "search", "index", "author", "license", "alternate"}
_STYLE = re.compile(r"(?:url\(|@import)\s*['\"]?((?:https?:)?//[^'\")\s]+)")
_ELSEWHERE = re.compile(r"(?:https?:)?//")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        place = given.get(_LOADED.get(tag, "")) or ""
        if _ELSEWHERE.match(place) and not (tag == "link" and given.get("rel") in _NO_LOADS):
            self.found.append(place)
        self.found += _STYLE.findall(given.get("style") or "")


def loads_from_elsewhere(text: str, kind: str = ".html") -> list[str]:
    """Addresses of other hosts that a page, or a style sheet, loads.

    Example:
        >>> loads_from_elsewhere('<script src="https://cdn.example/x.js"></script><a href="https://arxiv.org">paper</a>')
        ['https://cdn.example/x.js']
    """
    if kind == ".css":
        return _STYLE.findall(text)
    page = _Page()
    page.feed(text)
    return page.found + _STYLE.findall("".join(re.findall(r"<style[^>]*>(.*?)</style>", text, re.DOTALL)))


def main() -> None:
    """Look through a folder."""
    folder = Path(sys.argv[1])
    files = [one for one in sorted(folder.rglob("*")) if one.suffix in (".html", ".css")]
    found = [f"{one}: {place}" for one in files for place in loads_from_elsewhere(one.read_text("utf-8"), one.suffix)]
    if not files or found:
        raise SystemExit("\n".join(found) or f"no pages in {folder}")
    print(f"{len(files)} pages and style sheets load nothing from elsewhere")


if __name__ == "__main__":
    main()
