"""What stands between a reader and a page that is open in a browser: colours, sizes, the keyboard, a screen reader."""

import base64
import io
from typing import Any

import numpy as np
from PIL import Image

from docs.chromium import Browser

CONTRAST = 4.5  # of text and its ground, which WCAG 2.1 asks of letters of normal size (AA)

_SHARED = r"""
const shown = (one) => one.checkVisibility({opacityProperty: true, visibilityProperty: true})
  && one.getClientRects().length > 0 && !one.closest(".hidden");
const named = (one) => one.localName + (one.id ? "#" + one.id : "") + " " + one.textContent.trim().slice(0, 40);
const own = (one) => [...one.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
"""
# Letters too like their ground. The ground is the nearest colour behind them; in a drawing, of a rectangle under them.
_FAINT = r"""
(() => {
  const parts = (c) => c.match(/[\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, k) => sum + [0.2126, 0.7152, 0.0722][k] * c, 0);
  const behind = (one) => {
    const previous = one.previousElementSibling;
    const filled = previous && previous.localName === "rect" && getComputedStyle(previous).fill;
    if (one.localName === "text" && filled && filled !== "none") return parts(filled);
    for (let at = one; at; at = at.parentElement) {
      const colour = parts(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const one of document.body.querySelectorAll("*")) {
    if (!own(one) || !shown(one) || ["SCRIPT", "STYLE", "TITLE"].includes(one.tagName.toUpperCase())) continue;
    const style = getComputedStyle(one), drawn = one instanceof SVGElement;
    const [a, b] = [light(parts(drawn ? style.fill : style.color)), light(behind(one))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < LEAST) found.push(contrast.toFixed(2) + ": " + named(one));
  }
  return found;
})()
"""
# Text, pictures and controls that end beyond the window or beyond what holds them, and words of drawings outside these.
_CUT = r"""
(() => {
  const found = [], scrolls = (one) => one && one !== document.documentElement
    && (["auto", "scroll"].includes(getComputedStyle(one).overflowX) || scrolls(one.parentElement));
  for (const one of document.body.querySelectorAll("*")) {
    if (!shown(one)) continue;
    const box = one.getBoundingClientRect();
    const picture = ["img", "canvas", "svg", "input", "select", "label"].includes(one.localName);
    const drawing = one.closest("svg");
    if (drawing && drawing !== one) {
      const frame = drawing.getBoundingClientRect();
      if (one.localName === "text" && (box.left < frame.left - 1 || box.right > frame.right + 1
        || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)) found.push("outside its drawing: " + named(one));
    } else if ((own(one) || picture) && !scrolls(one.parentElement) && (box.right > innerWidth + 1 || box.left < -1)) {
      found.push("beyond the window: " + named(one));
    } else if (own(one) && one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX === "hidden") {
      found.push("cut: " + named(one));
    }
  }
  return found;
})()
"""
_CONTROLS = r"""
[...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
  .filter((one) => shown(one) && !one.disabled && one.tabIndex >= 0)
"""
_FOCUSED = r"""
(() => {
  const one = document.activeElement, all = CONTROLS, style = getComputedStyle(one);
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1
    && style.outlineColor !== "rgba(0, 0, 0, 0)";
  return {place: all.indexOf(one), body: one === document.body, ring, name: named(one)};
})()
"""


def _asked(browser: Browser, script: str) -> Any:
    text = script.replace("CONTROLS", _CONTROLS.strip()).replace("LEAST", str(CONTRAST))
    return browser.value(f"(() => {{ {_SHARED} return {text.strip()}; }})()")


def faint(browser: Browser) -> list[str]:
    """Text whose contrast with its ground is below `CONTRAST`."""
    return list(_asked(browser, _FAINT))


def cut(browser: Browser) -> list[str]:
    """What a reader sees in part only."""
    return list(_asked(browser, _CUT))


def unreached(browser: Browser) -> list[str]:
    """Controls that the tab key does not come to, or that do not show that they have the focus."""
    count = len(_asked(browser, f"{_CONTROLS.strip()}.map(named)"))
    found, reached = [], set()
    for _ in range(3 * count + 10):  # what scrolls has the focus too
        browser.press("Tab")
        now = _asked(browser, _FOCUSED)
        if now["body"]:
            break
        reached.add(now["place"])
        if not now["ring"]:
            found.append(f"focus not shown: {now['name']}")
    names = _asked(browser, f"{_CONTROLS.strip()}.map(named)")
    return found + [f"not reached: {name}" for place, name in enumerate(names) if place not in reached]


def spoken(browser: Browser) -> dict[str, str]:
    """What a screen reader says of each control and picture: name by role and name, as the browser computes it."""
    nodes = browser.call("Accessibility.getFullAXTree")["nodes"]
    roles = {"slider", "spinbutton", "combobox", "image", "img", "application", "link", "DisclosureTriangle", "button"}
    told = [node for node in nodes if not node["ignored"] and node["role"]["value"] in roles]
    return {f"{node['role']['value']} {node['nodeId']}": node.get("name", {}).get("value", "").strip() for node in told}


def picture_contrast(browser: Browser, index: int) -> float:
    """The contrast of the lightest and the darkest part of a picture as it is seen, one in a thousand left out."""
    box = browser.value(
        f"(() => {{ const b = document.images[{index}].getBoundingClientRect();"
        " return {x: b.x + scrollX, y: b.y + scrollY, width: b.width, height: b.height}; })()"
    )
    shot = browser.call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=box | {"scale": 1})
    with Image.open(io.BytesIO(base64.b64decode(shot["data"]))) as image:
        levels = np.asarray(image.convert("RGB"), dtype=float) / 255
    linear = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
    dark, light = np.quantile(linear @ [0.2126, 0.7152, 0.0722], [0.001, 0.999])
    return float((light + 0.05) / (dark + 0.05))
