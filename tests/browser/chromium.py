"""Chromium as the tests use it: open, look, press, and listen for complaints."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP, PHONE = (1280, 900), (390, 844)
WAIT_SECONDS = 30


@contextmanager
def start_chromium(profile: Path) -> Iterator[Chromium]:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.binary_location = _found("chromium")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(_found("chromedriver")))
    try:
        yield Chromium(driver)
    finally:
        driver.quit()


def _found(program: str) -> str:
    path = shutil.which(program)
    assert path is not None
    return path


class Chromium:
    """One window. ``allowed`` are parts of console messages that a test expects."""

    def __init__(self, driver: Chrome) -> None:
        self.driver = driver
        self.allowed: Sequence[str] = ()

    def begin_anew(self) -> None:
        """Nothing stored, nothing said, desktop size, light."""
        origin = self.js("return location.origin")
        if origin != "null":
            self._command("Storage.clearDataForOrigin", origin=origin, storageTypes="all")
            self.js("sessionStorage.clear()")
        self.driver.get("about:blank")
        self.driver.get_log("browser")
        self.allowed = ()
        self.look(DESKTOP)

    def look(self, size: tuple[int, int], scheme: str = "light") -> None:
        """At this width and height, in light or dark."""
        self._command(
            "Emulation.setDeviceMetricsOverride",
            width=size[0],
            height=size[1],
            deviceScaleFactor=1,
            mobile=size == PHONE,
        )
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self._command("Emulation.setEmulatedMedia", features=features)

    def open(self, url: str) -> None:
        self.driver.get("about:blank")  # so that another fragment is another visit
        self.driver.get(url)

    def js(self, script: str, *arguments: object) -> Any:
        return self.driver.execute_script(script, *arguments)

    def module(self, script: str, *arguments: object) -> Any:
        """What an async function body returns; it may ``await import(...)``."""
        wrapped = (
            "const given = [...arguments], done = given.pop();"
            f"(async (given) => {{ {script} }})(given)"
            ".then((value) => done({value}), (error) => done({error: String(error)}));"
        )
        reply = self.driver.execute_async_script(wrapped, *arguments)
        assert "error" not in reply, reply["error"]
        return reply["value"]

    def until(self, condition: str, *arguments: object) -> Any:
        """Waits until a JavaScript expression is true, and returns its value."""
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            if value := self.js(f"return ({condition})", *arguments):
                return value
            time.sleep(0.05)
        raise AssertionError(
            f"never became true: {condition}\n{self.js('return document.body.innerText')}"
        )

    def until_shown(self, selector: str) -> None:
        self.until("document.querySelector(arguments[0])?.checkVisibility()", selector)

    def texts(self, selector: str) -> list[str]:
        """The text of each element, exactly as it is in the page."""
        script = "return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent)"
        return self.js(script, selector)

    def text(self, selector: str) -> str:
        return "".join(self.texts(selector))

    def click(self, selector: str) -> None:
        from selenium.webdriver.common.by import By

        self.driver.find_element(By.CSS_SELECTOR, selector).click()

    def press(self, *keys: str) -> None:
        """Keys to whatever has the focus."""
        from selenium.webdriver import ActionChains

        for key in keys:
            ActionChains(self.driver).send_keys(key).perform()

    def type(self, selector: str, text: str) -> None:
        from selenium.webdriver.common.by import By

        field = self.driver.find_element(By.CSS_SELECTOR, selector)
        field.clear()
        field.send_keys(text)

    def sees(self, selector: str) -> bool:
        """Whether the middle of the first such element is in the window and nothing covers it."""
        script = """
            const box = document.querySelector(arguments[0]).getClientRects()[0];
            const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
            return document.elementFromPoint(x, y)?.closest(arguments[0]) !== null
                && y > 0 && y < innerHeight;"""
        return self.js(script, selector)

    def complaints(self) -> list[str]:
        """What the console was told since, but for what is allowed."""
        said = [entry["message"] for entry in self.driver.get_log("browser")]
        return [line for line in said if not any(part in line for part in self.allowed)]

    def _command(self, name: str, **parameters: object) -> Any:
        return self.driver.execute_cdp_cmd(name, parameters)
