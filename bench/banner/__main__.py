"""How soon each banner is seen, what it costs and what it moves: medians of interleaved loads in Chromium.

    python -m bench.banner                    # 11 rounds of each profile, about ten minutes
    python -m bench.banner --rounds 5 --write # and write the table and chart in docs/explanation

Profiles: fast; cpu4 (the processor four times slower); mobile (that, and 150 ms and 1.6 Mbit/s). Cold
cache, a fresh context for each load, every file compressed with brotli 11. `first` is from navigation to the
first frame in which a button of the banner is seen; `after` is that minus the first contentful paint;
`block` is the time of long tasks beyond 50 ms. Only the ratios of one run mean anything.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import brotli
from playwright.sync_api import Browser, sync_playwright

from bench.banner.peers import Banner, banners, fetch
from bench.banner.write import write
from tests.banner.site import shown_in

PROFILES = ("fast", "cpu4", "mobile")
LONGEST = 8000
WATCH = """
window.seen = 0; window.cls = 0; window.block = 0;
new PerformanceObserver(l => l.getEntries().forEach(e => cls += e.value))
  .observe({type: 'layout-shift', buffered: true});
new PerformanceObserver(l => l.getEntries().forEach(e => block += Math.max(0, e.duration - 50)))
  .observe({type: 'longtask', buffered: true});
const looked = () => {
  for (const one of document.querySelectorAll(%s)) {
    const box = one.getBoundingClientRect();
    const there = one.checkVisibility({opacityProperty: true, visibilityProperty: true});
    if (there && box.width > 9 && box.height > 9 && box.top < innerHeight) {
      window.seen = performance.now(); return;
    }
  }
  requestAnimationFrame(looked);
};
requestAnimationFrame(looked);
"""
TEXT = "<p>Vi hjälper företag med allt som rör det vi kan, och berättar gärna mer om hur vi gör det.</p>" * 60


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--profile", choices=PROFILES, action="append")
    parser.add_argument(
        "--write", action="store_true", help="write the table and the chart to docs/explanation"
    )
    given = parser.parse_args()
    fetch()
    all_of_them = banners(shown_in("en"))
    found: dict[str, dict[str, dict[str, float]]] = {}
    with serving(all_of_them) as address, sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        for profile in given.profile or PROFILES:
            found[profile] = medians(browser, address, all_of_them, profile, given.rounds)
            show(profile, found[profile])
        browser.close()
    weights = {each.name: sum(map(wire, each.files.values())) for each in all_of_them if each.files}
    print("\nbytes (brotli 11):", ", ".join(f"{name} {size}" for name, size in weights.items()))
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    if given.write:
        write(found, weights, given.rounds, os.getloadavg()[0])


def medians(
    browser: Browser, address: str, those: tuple[Banner, ...], profile: str, rounds: int
) -> dict[str, dict[str, float]]:
    """Each banner's medians; every round loads each once, in turn."""
    taken: dict[str, list[dict[str, float]]] = {each.name: [] for each in those}
    for _ in range(rounds):
        for each in those:
            taken[each.name].append(load(browser, f"{address}/{each.name}", each, profile))
    return {
        name: {key: statistics.median(one[key] for one in each) for key in each[0]}
        for name, each in taken.items()
    }


def load(browser: Browser, address: str, banner: Banner, profile: str) -> dict[str, float]:
    """One load in a fresh context, in milliseconds."""
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 800})
    try:
        page = context.new_page()
        asked: list[str] = []
        page.on(
            "request",
            lambda r: asked.append(r.url) if not r.url.startswith(address.rsplit("/", 1)[0]) else None,
        )
        tools = context.new_cdp_session(page)
        if profile != "fast":
            tools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        if profile == "mobile":
            tools.send("Network.enable")
            speed = 1.6e6 / 8
            tools.send(
                "Network.emulateNetworkConditions",
                {"offline": False, "latency": 150, "downloadThroughput": speed, "uploadThroughput": speed},
            )
        page.add_init_script(WATCH % json.dumps(banner.seen or "h1"))
        page.goto(address, wait_until="load")
        waited = 0
        while not page.evaluate("seen") and waited < LONGEST:
            page.wait_for_timeout(50)
            waited += 50
        page.wait_for_timeout(150)
        said: dict[str, float] = page.evaluate(
            "({first: seen, block, cls,"
            "fcp: performance.getEntriesByName('first-contentful-paint')[0]?.startTime || 0})"
        )
        return {**said, "after": said["first"] - said["fcp"], "third": float(len(asked))}
    finally:
        context.close()


def show(profile: str, found: Mapping[str, Mapping[str, float]]) -> None:
    """The table of one profile: milliseconds, and Löfte's part of each."""
    ours = found["lofte"]["first"]
    print(f"\n{profile:24}{'first':>8}{'after':>8}{'block':>8}{'CLS':>8}{'third':>7}{'ours/its':>10}")
    for name, one in found.items():
        ratio = ours / one["first"] if one["first"] else float("nan")
        print(
            f"{name:24}{one['first']:8.0f}{one['after']:8.0f}{one['block']:8.0f}{one['cls']:8.4f}"
            f"{one['third']:7.0f}{ratio:10.2f}",
            flush=True,
        )


def wire(content: bytes) -> int:
    """Bytes on the wire."""
    return len(brotli.compress(content, quality=11))


@contextmanager
def serving(those: tuple[Banner, ...]) -> Iterator[str]:
    """All pages and files, compressed beforehand."""
    files: dict[str, tuple[str, bytes]] = {}
    for each in those:
        for path, content in each.files.items():
            kind = "text/css" if path.endswith(".css") else "text/javascript"
            files[path] = (kind, brotli.compress(content, quality=11))
        page = (
            '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Page</title>'
            f'<meta name="viewport" content="width=device-width">{each.head}</head><body><h1>Page</h1>'
            f"<main>{TEXT}</main>{each.end}</body></html>"
        )
        files[f"/{each.name}"] = ("text/html", brotli.compress(page.encode(), quality=11))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            kind, content = files.get(self.path.split("?")[0], ("text/plain", b""))
            self.send_response(200 if content else 404)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            if content:
                self.send_header("Content-Encoding", "br")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    main()
