"""`bidbazaar verify [AUCTION]`: the immutable history, played again, must give the rows.

Without an auction it proves the ledger too: every cent, against itself and against the rows.
"""

import argparse
import json
import sys

from rich.console import Console
from rich.progress import track

from apps.bidding.verify import auction_ids, verify_auction
from apps.payments import verify as ledger
from config.preparing import require_database


def run(options: argparse.Namespace) -> int:
    """Print what differs; the exit status is 1 when anything does."""
    require_database()
    everything = options.auction is None
    ids = auction_ids() if everything else [options.auction]
    bar = track(
        ids,
        description="Verifying",
        console=Console(stderr=True),
        transient=True,
        disable=options.json or not sys.stderr.isatty(),
    )
    differences = [sentence for auction_id in bar for sentence in verify_auction(auction_id)]
    wrong = [f"ledger: {sentence}" for sentence in ledger.check()] if everything else []
    if options.json:
        answer: dict[str, object] = {"auctions": len(ids), "differences": [*differences, *wrong]}
        if everything:
            answer["ledger_transactions"] = ledger.transaction_count()
        json.dump(answer, sys.stdout)
        sys.stdout.write("\n")
    else:
        _tell(differences, len(ids), "auction", "all as the history says")
        if everything:
            _tell(wrong, ledger.transaction_count(), "ledger transaction", "it adds up")
    return 1 if differences or wrong else 0


def _tell(sentences: list[str], count: int, noun: str, praise: str) -> None:
    sys.stdout.writelines(f"{sentence}\n" for sentence in sentences)
    verdict = f"{len(sentences)} differences" if sentences else praise
    sys.stdout.write(f"{count} {noun}{'' if count == 1 else 's'} verified: {verdict}\n")
