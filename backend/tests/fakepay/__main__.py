"""Stripe and PayPal, played by one process.

    python -m tests.fakepay [--port 0] [--seed N]

prints its address as one line and answers until it is told to stop.
"""

import argparse
import asyncio
import contextlib
import signal
import sys

from tests.fakepay import control, paypal_page
from tests.fakepay.paypal_door import PayPalDoor
from tests.fakepay.paypal_notifications import CERTIFICATE
from tests.fakepay.stripe_door import Done, StripeDoor
from tests.fakepay.wire import Reply, Request, listen
from tests.fakepay.world import World

#: What follows /v1/ at PayPal; everything else there is Stripe's. /v2/ is PayPal's.
PAYPAL_WORDS = {
    "billing",
    "catalogs",
    "customer",
    "notifications",
    "oauth2",
    "payments",
    "reporting",
}


class Fakepay:
    """Sends a request through its door, and chaos in between."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._stripe = StripeDoor(world)
        self._paypal = PayPalDoor(world)

    def __call__(self, request: Request, reply: Reply) -> None:
        """Answer one request."""
        if request.path.startswith("/_control/"):
            reply.send(control.answer(self._world, request))
            return
        if request.path == paypal_page.PATH:
            reply.send(paypal_page.answer(self._world, request))
            return
        door = self._door(request)
        kind = self._world.chaos.draw()
        if kind == "reset_before":
            reply.reset()
        elif kind in ("500_before", "409", "429"):
            reply.send(door.mischief(kind))
        else:
            done = door.perform(request, spoil=kind == "500_after")
            if kind == "reset_after":
                reply.reset()
            elif kind == "stall":
                self._stall(door, done, reply)
            else:
                reply.send(done.response)

    def _door(self, request: Request) -> StripeDoor | PayPalDoor:
        parts = request.path.split("/", 3)
        version, word = (parts[1], parts[2]) if len(parts) > 2 else ("", "")
        return self._paypal if version == "v2" or word in PAYPAL_WORDS else self._stripe

    def _stall(self, door: StripeDoor | PayPalDoor, done: Done, reply: Reply) -> None:
        door.keys.hold(done.key)

        def finish() -> None:
            door.keys.release(done.key)
            reply.send(done.response)

        reply.later(self._world.chaos.stall_seconds, finish)


async def serve(port: int, seed: int) -> None:
    """Answer until SIGINT or SIGTERM."""
    world = World(seed)
    server, port = await listen(Fakepay(world), port=port)
    world.url = f"http://127.0.0.1:{port}"
    world.webhooks.certificate_url = world.url + CERTIFICATE
    world.webhooks.start()
    sys.stdout.write(f"{world.url}\n")
    sys.stdout.flush()
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with server:
        await stopped.wait()


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(arguments.port, arguments.seed))


if __name__ == "__main__":
    main()
