"""`bidbazaar`: the one program of this house.

This is the composition root for the command line: it alone imports by name and late, so that
`bidbazaar simulate` and `--help` answer without waiting for Django.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from config.commands import CommandError

INTERRUPTED = 130  # the shell's word for Ctrl-C
WITHOUT_DJANGO = ("simulate", "room")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status. Errors are one line that names the remedy."""
    options = parser().parse_args(arguments)
    try:
        if options.command not in WITHOUT_DJANGO:
            _set_up_django()
        status: int = import_module(f"config.commands.{options.command}").run(options)
        sys.stdout.flush()
    except CommandError as error:
        return _complain(str(error), error.status)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # `bidbazaar … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if options.traceback:
            raise
        return _complain(_in_words(error), 1)
    return status


def parser() -> argparse.ArgumentParser:
    """Return the command line's grammar."""
    top = argparse.ArgumentParser(prog="bidbazaar", description="A self-hosted auction house.")
    top.add_argument("--traceback", action="store_true", help="show where an error comes from")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", help="all in one: web, live rooms, closer")
    web = commands.add_parser("web", help="web and live rooms, WEB_CONCURRENCY processes")
    for command in (serve, web):
        command.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        command.add_argument("--port", type=int, default=os.environ.get("PORT", "8000"))
    workers = os.environ.get("WEB_CONCURRENCY", "1")
    web.add_argument("--workers", type=int, default=workers, help="processes")

    worker = commands.add_parser("worker", help="a Celery worker; needs REDIS_URL")
    worker.add_argument("--beat", action="store_true", help="give the beat too; one worker only")

    commands.add_parser("closer", help="close auctions when they are due")

    demo = commands.add_parser("demo", help="load accounts and auctions to try things with")
    demo.add_argument("--live", action="store_true", help="then keep bidding until Ctrl-C")

    room = commands.add_parser("room", help="watch a live room and bid in it, in the terminal")
    room.add_argument("auction", type=int, help="the auction's id")
    room.add_argument("--as", dest="user", metavar="USER", help="log in as; without it, watch")
    room.add_argument("--password", default="bidbazaar-demo", help="default: the demo's")
    room.add_argument("--url", default=f"http://127.0.0.1:{os.environ.get('PORT', '8000')}")
    room.add_argument("--json", action="store_true", help="frames as they come, for programs")

    simulate = commands.add_parser("simulate", help="play scripted auctions through the engine")
    simulate.add_argument("file", type=Path, help="a JSON list of scripts; - reads standard input")
    simulate.add_argument("--json", action="store_true", help="for programs")

    verify = commands.add_parser("verify", help="prove that history gives the rows, money adds up")
    verify.add_argument("auction", type=int, nargs="?", help="its id; without it, all, and money")
    verify.add_argument("--json", action="store_true", help="for programs")

    unlock = commands.add_parser("unlock", help="take away second factors that somebody has lost")
    unlock.add_argument("username", help="whose")

    doctor = commands.add_parser("doctor", help="check this installation")
    doctor.add_argument("--json", action="store_true", help="for programs")
    return top


def _set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    import_module("django").setup()


def _complain(message: str, status: int) -> int:
    print(f"bidbazaar: {message}", file=sys.stderr)
    return status


def _in_words(error: Exception) -> str:
    """Return an unforeseen error as one line, with a remedy where one is known."""
    kind, message = type(error).__name__, " ".join(str(error).split())
    if kind == "ProgrammingError" or "no such table" in message:
        return f"the database is not prepared: {message}; run `bidbazaar serve` once"
    if kind == "OperationalError":
        return f"the database refuses: {message}; `bidbazaar doctor` looks at it"
    if kind == "ImproperlyConfigured":
        return f"{message}; docs/configuration.md lists what the environment may set"
    return f"{kind}: {message} (--traceback shows where)"


if __name__ == "__main__":
    sys.exit(main())
