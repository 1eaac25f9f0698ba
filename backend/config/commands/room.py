"""`bidbazaar room AUCTION`: a live room in the terminal, to watch and to bid in.

A client like any other: it speaks HTTP and WebSocket to a running house and knows no database.
It follows the room by `seq` and comes back where it stopped when the connection is lost.
"""

import argparse
import asyncio
import json
import sys
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from config.commands import CommandError
from domain.room import RoomGap, RoomView

RECONNECT_SECONDS = (0.5, 1, 2, 5, 10)
UNKNOWN_AUCTION = 4404  # close codes of the room that trying again does not mend
FINAL_CODES = {
    UNKNOWN_AUCTION: "there is no such auction",
    4401: "the login has ended; log in again",
    4429: "too many sockets are open",
}
HELP = (
    "Type an amount to bid it, Enter for the next bid, `max 500` for a secret maximum, q to leave."
)


def run(options: argparse.Namespace) -> int:
    """Show the room until `q`, Ctrl-C or the end of the input."""
    token = log_in(options.url, options.user, options.password) if options.user else None
    screen = Screen(Console(highlight=False), json=options.json, name=options.user)
    client = RoomClient(options.url, options.auction, token, screen)
    try:
        asyncio.run(client.run())
    except KeyboardInterrupt:
        return 0
    return 0


def log_in(url: str, username: str, password: str) -> str:
    """Return an access token; raises CommandError."""
    body = json.dumps({"username": username, "password": password}).encode()
    request = urllib.request.Request(  # noqa: S310 - the address is the user's own
        f"{url}/api/auth/token/", body, {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            token: str = json.load(answer)["access"]
            return token
    except urllib.error.HTTPError as error:
        raise CommandError(f"{username} could not log in: {error.read().decode()}") from error
    except OSError as error:
        raise CommandError(f"nobody answers at {url}: {error}; start it with `make run`") from error


@dataclass
class Screen:
    """What a person reads; with `json`, the frames as they came."""

    console: Console
    json: bool
    name: str | None

    def show(self, frame: dict[str, Any], view: RoomView | None) -> None:
        """Print one frame, if it says anything to a person."""
        if self.json:
            sys.stdout.write(json.dumps(frame) + "\n")
            sys.stdout.flush()
            return
        words = _WORDS.get(frame["type"])
        if words is not None:
            clock = datetime.now(UTC).astimezone().strftime("%H:%M:%S")  # noqa: TID251 - a screen
            self.console.print(f"[dim]{clock}[/] {words(frame)}{self._standing(frame, view)}")

    def _standing(self, frame: dict[str, Any], view: RoomView | None) -> str:
        if view is None or self.name is None or "current_bid" not in frame:
            return ""
        if frame["highest_bidder"] == self.name:
            return "  [green]you lead[/]"
        return f"  [yellow]next bid {_money(frame['min_next_bid'])}[/]"

    def say(self, words: str) -> None:
        """Print a line of our own."""
        if not self.json:
            self.console.print(words)


class RoomClient:
    """One person's socket in one room."""

    def __init__(self, url: str, auction_id: int, token: str | None, screen: Screen) -> None:
        self.address = f"ws{url.removeprefix('http')}/ws/auction/{auction_id}/"
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.screen = screen
        self.view: RoomView | None = None
        self.socket: ClientConnection | None = None
        self.is_over = False

    async def run(self) -> None:
        """Follow the room, and the keyboard, until either ends."""
        listening = asyncio.create_task(self._listen())
        typing = asyncio.create_task(self._type())
        await asyncio.wait({listening, typing}, return_when=asyncio.FIRST_COMPLETED)
        self.is_over = True
        if self.socket is not None:
            await self.socket.close()
        typing.cancel()
        await listening

    async def _listen(self) -> None:
        tries = 0
        while not self.is_over:
            query = "" if self.view is None else f"?last_seq={self.view.seq}"
            try:
                async with connect(
                    self.address + query, additional_headers=self.headers
                ) as self.socket:
                    tries = 0
                    async for text in self.socket:
                        await self._hear(json.loads(text))
                self._refuse_final(self.socket.close_code)
            except InvalidStatus as error:
                raise CommandError(f"the room refused us: {error}") from error
            except (ConnectionClosed, OSError):
                pass
            if not self.is_over:
                wait_seconds = RECONNECT_SECONDS[min(tries, len(RECONNECT_SECONDS) - 1)]
                self.screen.say(f"[red]connection lost[/]; trying again in {wait_seconds} s")
                await asyncio.sleep(wait_seconds)
                tries += 1

    def _refuse_final(self, code: int | None) -> None:
        if code in FINAL_CODES:
            raise CommandError(f"the room closed: {FINAL_CODES[code]}")

    async def _hear(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "snapshot":
            self.view = RoomView.from_snapshot({**frame["auction"], "bids": frame["bids"]})
            self._open(frame)
            return
        try:
            if self.view is not None and "seq" in frame:
                self.view = self.view.apply(frame)
        except RoomGap as gap:
            await self._send({"type": "resume", "last_seq": gap.last_seq})
            return
        self.screen.show(frame, self.view)

    def _open(self, frame: dict[str, Any]) -> None:
        auction = frame["auction"]
        if self.screen.json:
            self.screen.show(frame, self.view)
            return
        price = auction["current_bid"]
        now = "no bids yet" if price is None else f"{_money(price)} by {auction['highest_bidder']}"
        self.screen.say(f"[bold]{auction['title']}[/] ({auction['currency']}, {auction['status']})")
        self.screen.say(
            f"{now}; next bid from {_money(auction['min_next_bid'])}; ends {auction['end_time']}"
        )
        self.screen.say(f"[dim]{HELP}[/]")

    async def _type(self) -> None:
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            words = line.strip().lower()
            if words in ("q", "quit", "exit"):
                return
            await self._ask(words)
        if not sys.stdin.isatty():  # a script has said all it wanted; let it see what comes of it
            await asyncio.Event().wait()

    async def _ask(self, words: str) -> None:
        if not words:
            if self.view is None or self.view.min_next_bid is None:
                return
            words = str(self.view.min_next_bid)
        kind, field = (
            ("set_auto_bid", "max_bid") if words.startswith("max ") else ("place_bid", "amount")
        )
        amount = words.removeprefix("max ").strip()
        await self._send({"type": kind, field: amount, "request_id": uuid.uuid4().hex})

    async def _send(self, message: dict[str, Any]) -> None:
        if self.socket is None:
            return
        try:
            await self.socket.send(json.dumps(message))
        except ConnectionClosed:
            self.screen.say("[red]not sent[/]: the connection is lost")


def _money(amount: float | None) -> str:
    return "-" if amount is None else f"{amount:,.2f}".removesuffix(".00")


_WORDS: dict[str, Any] = {
    "bid_placed": lambda frame: f"{frame['bidder']} bids [bold]{_money(frame['amount'])}[/]",
    "auto_bid_triggered": lambda frame: (
        f"{frame['auto_bidder']} bids [bold]{_money(frame['amount'])}[/] [dim](automatic)[/]"
    ),
    "user_outbid": lambda frame: f"[red]you were outbid[/] at {_money(frame['new_bid'])}",
    "reserve_met": lambda frame: "the reserve is met",
    "auction_started": lambda frame: "the auction is open",
    "auction_extended": lambda frame: f"extended: ends at {frame['end_time']}",
    "auction_ending_soon": lambda frame: f"[yellow]{frame['seconds_remaining']} seconds to go[/]",
    "auction_ended": lambda frame: (
        f"[bold]over[/]: {frame['winner'] or 'nobody'} wins at {_money(frame['final_bid'])}"
    ),
    "auction_cancelled": lambda frame: f"cancelled: {frame['reason'] or 'no reason given'}",
    "bid_retracted": lambda frame: f"bids of {frame['user']} were taken back",
    "price_recomputed": lambda frame: f"the price is {_money(frame['current_bid'])} again",
    "price_changed": lambda frame: f"an offer lapsed; the best is {_money(frame['current_bid'])}",
    "buy_now": lambda frame: f"{frame['user']} buys at {_money(frame['amount'])}",
    "bid_accepted": lambda frame: "[green]accepted[/]",
    "bid_rejected": lambda frame: f"[red]refused[/]: {frame['error']}",
    "error": lambda frame: f"[red]{frame['error']}[/]",
}
