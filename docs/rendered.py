"""Built pages as a browser shows them, without a network: `python -m docs.rendered FOLDER` names what is wrong.

Every page is opened in headless Chromium with every host unreachable. It must ask for none, report no error, show each
picture, have all its mathematics set and no markup left in its text, and be no wider than a phone. Where no Chromium is
installed the check says so and passes.
"""

import re
import sys
from pathlib import Path

from docs.chromium import Browser, chromium

PHONE = 390  # CSS pixels across
_SETTLED = "window.MathJax && MathJax.startup ? MathJax.startup.promise.then(() => true) : true"
# Pictures that cannot be shown, formulas that could not be set, and text that a reader sees, code left out.
_SEEN = r"""
(async () => {
  const broken = [];
  for (const one of document.images) {
    one.loading = "eager";
    try { await one.decode(); } catch { broken.push(one.getAttribute("src").slice(0, 80)); }
  }
  const unset = [...document.querySelectorAll(".math")].filter((one) => !one.querySelector("mjx-container"));
  const faulty = [...document.querySelectorAll("mjx-merror, [data-mjx-error]")];
  const text = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const within = walk.currentNode.parentElement;
    if (!within.closest("script, style, template, pre, code, .sig, mjx-container")) text.push(walk.currentNode.data);
  }
  const formulas = unset.concat(faulty).map((one) => one.textContent.trim().slice(0, 80));
  return {broken, formulas, text: text.join("\n")};
})()
"""
# A command, a bracket of mathematics, dollars round something raised, lowered or commanded; and the rule of a table.
_LEFT = re.compile(r"\\[A-Za-z]{2,}|\\[()\[\]]|\$\$|\$[^$\n]*[\\_^][^$\n]*\$|\|\s*:?[-–—]+:?\s*\|")
# What sticks out on the right, unless something that scrolls by itself holds it.
_WIDER = """
(() => {
  const wide = innerWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  const scrolls = (one) => one && one !== document.body && one !== document.documentElement
    && (getComputedStyle(one).overflowX !== "visible" || scrolls(one.parentElement));
  const found = [...document.body.querySelectorAll("*")].filter(
    (one) => one.getBoundingClientRect().right > wide + 1 && !scrolls(one.parentElement));
  return [document.documentElement.scrollWidth + " pixels",
    ...found.slice(0, 3).map((one) => one.localName + (one.className ? "." + one.className : ""))];
})()
"""


def faults(browser: Browser, page: Path) -> list[str]:
    """What is wrong with a page, a sentence each.

    Args:
        browser: That opens it.
        page: Its file.
    """
    browser.open(page)
    browser.value(_SETTLED)
    seen = browser.value(_SEEN)
    found = [f"asks for {address}" for address in browser.requests]
    found += [f"error: {one}" for one in browser.complaints]
    found += [f"picture not shown: {one}" for one in seen["broken"]]
    found += [f"formula not set: {one}" for one in seen["formulas"]]
    found += [f"markup left in the text: {one[0]}" for one in _LEFT.finditer(seen["text"])]
    return found + too_wide(browser)


def too_wide(browser: Browser, width: int = PHONE) -> list[str]:
    """What makes the open page wider than a window of that width; it stays at that width."""
    browser.look(width)
    wider = browser.value(_WIDER)
    return [f"wider than {width} pixels: {', '.join(wider)}"] if wider else []


def check(folder: Path) -> list[str]:
    """The faults of all pages of a folder, each with its page."""
    pages = sorted(folder.rglob("*.html"))
    if not pages:
        return [f"no pages in {folder}"]
    with Browser() as browser:
        return [f"{page.relative_to(folder)}: {one}" for page in pages for one in faults(browser, page)]


def main() -> None:
    """Look through a folder."""
    if len(sys.argv) != 2:
        raise SystemExit("give the folder of built pages: python -m docs.rendered FOLDER")
    if chromium() is None:
        print("no Chromium is installed: the pages are not looked at as a browser shows them")
        return
    folder = Path(sys.argv[1])
    found = check(folder)
    if found:
        raise SystemExit("\n".join(found))
    print(f"{len(list(folder.rglob('*.html')))} pages are shown whole without a network")


if __name__ == "__main__":
    main()
