"""P2, P7: frames a second to the sockets of one room, and the memory of an idle socket.

    python -m tests.servers -- python -m bench.fanout [--sockets 500] [--frames 100]

One server process a way, uvicorn with websockets-sansio and no compression; the load comes from
this process over raw sockets. The ways: a bare ASGI loop that sends a constant frame; our
consumer on the hub; a plain Channels consumer on the in-memory layer, on the Redis layer and on
the Redis pub/sub layer. Nothing is stored: the hub reads its snapshot from memory.
Burst: all frames are published at once. Paced: twenty frames a second, as a lively auction.
Latency is from publishing a frame to its arrival at a socket; the bare loop publishes a frame only
when the one before is sent, so its burst has no queue to wait in. Takes the best of some rounds,
in each of which every way has its turn. CPU: the server's time per message of a burst. Prints a
table and one JSON line.
"""

import argparse
import asyncio
import base64
import json
import os
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import uvloop

from bench.fanout_ways import PORT, WAYS, server

IDLE_SOCKETS = 2000
PACED_FRAMES = 60
PACE_SECONDS = 0.05
QUIET_SECONDS = 10.0  # the longest wait for the next frame

BID = b'{"type": "bid_placed"'


def cpu_seconds(process_id: int) -> float:
    """Return the processor time a process has used (Linux)."""
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_bytes(process_id: int) -> int:
    """Return the memory a process holds (Linux)."""
    pages = int(Path(f"/proc/{process_id}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE")


# --- the load ---------------------------------------------------------------------------------


class Watcher(asyncio.Protocol):
    """A socket that counts frames of one length; parses no more than it must."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.buffer = b""
        self.length = 0
        self.latencies: list[float] = []
        self.received = 0

    def connection_made(self, transport: Any) -> None:
        """Shake hands."""
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            f"GET {self.path} HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        """Count whole frames; a bid's tail says when it was published."""
        now = time.monotonic()
        self.buffer += data
        if not self.ready.done():
            head, found, rest = self.buffer.partition(b"\r\n\r\n")
            if found:
                if b" 101 " not in head.splitlines()[0]:
                    raise RuntimeError(head.decode())
                self.buffer = rest
                self.ready.set_result(None)
        if self.ready.done():
            self.buffer = self.buffer[self._count(self.buffer, now) :]

    def _count(self, data: bytes, now: float) -> int:
        """Count the whole frames in `data`; returns where the next one starts."""
        at, end = 0, len(data)
        while end - at >= 4:
            size, start = data[at + 1], at + 2
            if size == 126:
                size, start = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            after = start + size
            if end < after:
                break
            if data.startswith(BID, start):
                self.received += 1
                self.latencies.append(now - float(data[after - 22 : after - 2]))
            at = after
        return at


async def connect(path: str) -> Watcher:
    """Open one socket; tries again while the server starts."""
    deadline = time.monotonic() + 30
    while True:
        with suppress(OSError):
            _, watcher = await asyncio.get_running_loop().create_connection(
                lambda: Watcher(path), "127.0.0.1", PORT
            )
            async with asyncio.timeout(10):
                await watcher.ready
            return watcher
        if time.monotonic() > deadline:
            raise RuntimeError("the server did not start: run it by bench.fanout_ways")
        await asyncio.sleep(0.1)


async def connect_all(count: int) -> list[Watcher]:
    """Open sockets, some at a time."""
    watchers: list[Watcher] = []
    while len(watchers) < count:
        some = min(50, count - len(watchers))
        watchers += await asyncio.gather(*(connect("/ws") for _ in range(some)))
    return watchers


def masked(text: str) -> bytes:
    """Return a client's text frame."""
    payload = text.encode()
    return bytes((0x81, 0x80 | len(payload), 0, 0, 0, 0)) + payload


async def publish(
    control: Watcher, watchers: Sequence[Watcher], server_id: int, count: int, pause: float
) -> dict[str, Any]:
    """Have frames published; returns what arrived."""
    busy_before = cpu_seconds(server_id)
    for watcher in watchers:
        watcher.latencies.clear()
        watcher.received = 0
    began = time.monotonic()
    control.transport.write(masked(json.dumps([count, pause])))
    wanted = count * len(watchers)
    received, last_change = 0, began
    while received < wanted and time.monotonic() - last_change < QUIET_SECONDS:
        await asyncio.sleep(0.002)
        now_received = sum(watcher.received for watcher in watchers)
        if now_received != received:
            received, last_change = now_received, time.monotonic()
    busy = cpu_seconds(server_id) - busy_before
    latencies = sorted(value for watcher in watchers for value in watcher.latencies)
    return {
        "messages": received,
        "lost": wanted - received,
        "cpu_us_per_message": round(1e6 * busy / max(1, received), 2),
        "messages_per_second": round(received / (last_change - began)),
        "p50_ms": round(1000 * latencies[len(latencies) // 2], 1),
        "p99_ms": round(1000 * latencies[int(len(latencies) * 0.99)], 1),
    }


async def measure(name: str, sockets: int, frames: int) -> dict[str, Any]:
    """Measure one way."""
    with server(name) as server_id:
        control = await connect("/control")
        watchers = await connect_all(sockets)
        await asyncio.sleep(1)
        await publish(control, watchers, server_id, 5, 0)  # warm
        bursts = [await publish(control, watchers, server_id, frames, 0) for _ in range(3)]
        paced = await publish(control, watchers, server_id, PACED_FRAMES, PACE_SECONDS)
    best = max(bursts, key=lambda burst: burst["messages_per_second"])
    return {"burst": best, "paced": paced}


def measure_all(ways: Sequence[str], options: argparse.Namespace) -> dict[str, Any]:
    """Measure every way once a round; keeps each one's best round, as noise only slows."""
    best: dict[str, Any] = {}
    for _ in range(options.rounds):
        for way in ways:
            found = uvloop.run(measure(way, options.sockets, options.frames))
            known = best.setdefault(way, found)
            for kind, figure in (("burst", "messages_per_second"), ("paced", "p99_ms")):
                better = found[kind][figure] > known[kind][figure]
                if better == (kind == "burst") and found[kind][figure] != known[kind][figure]:
                    known[kind] = found[kind]
    return best


async def measure_memory(name: str, sockets: int) -> float:
    """Return the server's memory per idle socket in KiB."""
    with server(name) as server_id:
        some = [await connect("/control"), *await connect_all(50)]
        await asyncio.sleep(2)
        before = memory_bytes(server_id)
        some += await connect_all(sockets)
        await asyncio.sleep(3)
        return round((memory_bytes(server_id) - before) / 1024 / sockets, 1)


def table(results: dict[str, Any]) -> str:
    """Return the results as lines."""
    head = (
        f"{'way':32}{'burst/s':>10}{'CPU us':>8}{'p50 ms':>9}{'p99 ms':>9}"
        f"{'paced p50':>11}{'p99':>8}{'lost':>7}"
    )
    lines = [head]
    for name, result in results["ways"].items():
        burst, paced = result["burst"], result["paced"]
        lines.append(
            f"{name:32}{burst['messages_per_second']:>10,}{burst['cpu_us_per_message']:>8}{burst['p50_ms']:>9}{burst['p99_ms']:>9}"
            f"{paced['p50_ms']:>11}{paced['p99_ms']:>8}{burst['lost'] + paced['lost']:>7}"
        )
    for name, kib in results["kib_per_idle_socket"].items():
        lines.append(f"{name:32}{kib:>8} KiB per idle socket at {IDLE_SOCKETS}")
    return "\n".join(lines)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(prog="python -m bench.fanout")
    parser.add_argument("--sockets", type=int, default=500)
    parser.add_argument("--frames", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--ways", nargs="*", choices=WAYS, default=list(WAYS))
    parser.add_argument("--json", type=Path, help="also write the figures here")
    options = parser.parse_args()
    ways = [way for way in options.ways if "redis" not in way or "REDIS_URL" in os.environ]
    results: dict[str, Any] = {"sockets": options.sockets, "frames": options.frames}
    results["ways"] = measure_all(ways, options)
    results["kib_per_idle_socket"] = {
        way: uvloop.run(measure_memory(way, IDLE_SOCKETS))
        for way in ways
        if way in ("bare loop", "hub")
    }
    print(table(results))
    print(json.dumps(results))
    if options.json:
        options.json.write_text(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
