"""A small HTTP/1.1 load generator: keep-alive sockets, one request in flight on each."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field


@dataclass
class Tally:
    """What one run saw. Latencies in seconds."""

    statuses: dict[int, int] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def rate(self, status: int) -> float:
        """Return answers of one status per second."""
        return self.statuses.get(status, 0) / self.seconds

    def quantile(self, share: float) -> float:
        """Return a latency quantile in milliseconds."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Client:
    """One keep-alive connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def connect(cls, host: str, port: int) -> "Client":
        """Open the connection."""
        return cls(*await asyncio.open_connection(host, port))

    async def post(self, path: str, token: str, body: bytes) -> tuple[int, bytes]:
        """Send one POST and return status and body."""
        self.writer.write(
            b"POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Authorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s"
            % (path.encode(), token.encode(), len(body), body)
        )
        head = await self.reader.readuntil(b"\r\n\r\n")
        status = int(head[9:12])
        start = head.lower().index(b"content-length:") + 15
        length = int(head[start : head.index(b"\r\n", start)])
        return status, await self.reader.readexactly(length)

    def close(self) -> None:
        """Close the connection."""
        self.writer.close()


async def drive(
    host: str,
    port: int,
    *,
    connections: int,
    seconds: float,
    work: Callable[[Client, int], Awaitable[int]],
) -> Tally:
    """Run `work(client, index)` over and over on every connection; it returns a status."""
    tally = Tally()
    clients = [await Client.connect(host, port) for _ in range(connections)]
    end = time.perf_counter() + seconds

    async def loop(index: int) -> None:
        while (begin := time.perf_counter()) < end:
            status = await work(clients[index], index)
            tally.latencies.append(time.perf_counter() - begin)
            tally.statuses[status] = tally.statuses.get(status, 0) + 1

    begin = time.perf_counter()
    await asyncio.gather(*(loop(index) for index in range(connections)))
    tally.seconds = time.perf_counter() - begin
    for client in clients:
        client.close()
    return tally
