"""Headless Chromium with the network off, over its DevTools protocol: what it shows, asks for and complains of.

The browser is told what to do through a pair of pipes, so that nothing but Chromium itself is needed. Pages are looked
at as a reader has them: at a width, light or dark, with keys pressed.
"""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Self

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_OPTIONS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-extensions",
    "--disable-background-networking", "--disable-dev-shm-usage", "--allow-file-access-from-files",
    "--host-resolver-rules=MAP * ~NOTFOUND", "--remote-debugging-pipe",
)  # fmt: skip
_OWN = ("file:", "data:", "blob:", "about:")  # addresses that are no host's
# What a key is to the page: its code, the number that old scripts read, and the letter that it writes.
_KEYS = {
    "Tab": ("Tab", 9, ""), "Enter": ("Enter", 13, "\r"), " ": ("Space", 32, " "), "Home": ("Home", 36, ""),
    "End": ("End", 35, ""), "ArrowLeft": ("ArrowLeft", 37, ""), "ArrowUp": ("ArrowUp", 38, ""),
    "ArrowRight": ("ArrowRight", 39, ""), "ArrowDown": ("ArrowDown", 40, ""),
}  # fmt: skip


def chromium() -> str | None:
    """The browser, where one is installed."""
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


class Browser(AbstractContextManager["Browser"]):
    """One browser with one tab.

    Attributes:
        requests: Addresses of hosts that pages asked for since the last `open`; all of them fail.
        complaints: Errors that the browser or a script reported since then.

    Raises:
        RuntimeError: no Chromium is installed, it has ended, or does not answer in time.
    """

    def __init__(self, patience: float = 120) -> None:
        browser = chromium()
        if browser is None:
            raise RuntimeError("no Chromium is installed: install it, and have it on the path")
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self._patience, self._count, self._waiting, self._loaded = patience, 0, b"", False
        self._replies: dict[int, dict[str, Any]] = {}
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        (theirs_in, self._out), (self._in, theirs_out) = os.pipe(), os.pipe()
        # Chromium reads at 3 and writes at 4; the shell puts the pipes there.
        puts = f'exec "$@" 3</dev/fd/{theirs_in} 4>/dev/fd/{theirs_out}'
        shell = ["/bin/sh", "-c", puts, "sh", browser, *_OPTIONS]
        self._process = subprocess.Popen(
            [*shell, f"--user-data-dir={self._folder.name}", "about:blank"], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, pass_fds=(theirs_in, theirs_out), start_new_session=True,
        )  # fmt: skip
        os.close(theirs_in)
        os.close(theirs_out)
        self._session = ""

    def __enter__(self) -> Self:
        """The browser itself, with its tab."""
        try:
            (tab,) = (one for one in self.call("Target.getTargets")["targetInfos"] if one["type"] == "page")
            self._session = self.call("Target.attachToTarget", targetId=tab["targetId"], flatten=True)["sessionId"]
            for domain in ("Page", "Runtime", "Network", "Log"):
                self.call(f"{domain}.enable")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        """End it, and remove what it wrote."""
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._in)
        os.close(self._out)
        self._folder.cleanup()

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Ask the browser for something of the protocol.

        Raises:
            RuntimeError: it refuses, has ended, or does not answer in time.
        """
        self._count += 1
        message = {"id": self._count, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        try:
            os.write(self._out, json.dumps(message).encode() + b"\0")
        except BrokenPipeError:
            raise RuntimeError(f"Chromium ended: {method}") from None
        until = time.monotonic() + self._patience
        while self._count not in self._replies:
            self._hear(until, method)
        reply = self._replies.pop(self._count)
        if "error" in reply:
            raise RuntimeError(f"Chromium refuses {method}: {reply['error']['message']}")
        found: dict[str, Any] = reply["result"]
        return found

    def open(self, place: Path | str, width: int = 1280, height: int = 900, dark: bool = False) -> None:
        """Open a page, and wait until it and all that it names are loaded.

        Args:
            place: A file, or an address.
            width: Of the window, in CSS pixels; a phone has 390.
            height: Of it.
            dark: Whether the reader prefers dark colours.
        """
        self.look(width, height, dark)
        self.requests, self.complaints, self._loaded = [], [], False
        address = place if isinstance(place, str) else place.resolve().as_uri()
        told = self.call("Page.navigate", url=address)
        if "errorText" in told:
            raise RuntimeError(f"Chromium cannot open {address}: {told['errorText']}")
        until = time.monotonic() + self._patience
        while not self._loaded:
            self._hear(until, address)

    def look(self, width: int = 1280, height: int = 900, dark: bool = False) -> None:
        """Change the window's size and the reader's preference of colours."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])

    def value(self, script: str) -> Any:
        """The value of an expression in the page; of a promise, what it brings.

        Raises:
            RuntimeError: it throws.
        """
        found = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in found:
            raise RuntimeError(_thrown(found["exceptionDetails"]))
        return found["result"].get("value")

    def press(self, key: str, shift: bool = False) -> None:
        """Press a key and let it go."""
        code, number, text = _KEYS[key]
        about = {"key": key, "code": code, "windowsVirtualKeyCode": number, "modifiers": 8 * shift}
        self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **about)
        self.call("Input.dispatchKeyEvent", type="keyUp", **about)

    def picture(self, file: Path) -> None:
        """Write the whole page as a PNG."""
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        file.write_bytes(base64.b64decode(shot["data"]))

    def _hear(self, until: float, what: str) -> None:
        """Take what the browser says next.

        Raises:
            RuntimeError: it has ended, or says nothing in time.
        """
        while b"\0" not in self._waiting:
            if not select.select([self._in], [], [], max(until - time.monotonic(), 0))[0]:
                raise RuntimeError(f"Chromium did not answer within {self._patience:g} s: {what}")
            more = os.read(self._in, 1 << 20)
            if not more:
                raise RuntimeError(f"Chromium ended: {what}")
            self._waiting += more
        text, _, self._waiting = self._waiting.partition(b"\0")
        message = json.loads(text)
        if "id" in message:
            self._replies[message["id"]] = message
        else:
            self._note(message["method"], message["params"])

    def _note(self, event: str, about: dict[str, Any]) -> None:
        if event == "Page.loadEventFired":
            self._loaded = True
        elif event == "Network.requestWillBeSent" and not about["request"]["url"].startswith(_OWN):
            self.requests.append(about["request"]["url"])
        elif event == "Runtime.exceptionThrown":
            self.complaints.append(_thrown(about["exceptionDetails"]))
        elif event == "Log.entryAdded" and about["entry"]["level"] == "error":
            self.complaints.append(f"{about['entry']['text']} {about['entry'].get('url', '')}".strip())
        elif event == "Runtime.consoleAPICalled" and about["type"] in ("error", "assert"):
            self.complaints.append(" ".join(str(one.get("value", one["type"])) for one in about["args"]))


def _thrown(details: dict[str, Any]) -> str:
    """A script's error in one line."""
    told = details.get("exception", {}).get("description", details["text"])
    return str(told).splitlines()[0]
