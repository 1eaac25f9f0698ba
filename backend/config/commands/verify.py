"""`bidbazaar verify [AUCTION]`: the immutable history, played again, must give the rows."""

import argparse
import json
import sys

from rich.console import Console
from rich.progress import track

from apps.bidding.verify import auction_ids, verify_auction
from config.preparing import require_database


def run(options: argparse.Namespace) -> int:
    """Print what differs; the exit status is 1 when anything does."""
    require_database()
    ids = auction_ids() if options.auction is None else [options.auction]
    bar = track(
        ids,
        description="Verifying",
        console=Console(stderr=True),
        transient=True,
        disable=options.json or not sys.stderr.isatty(),
    )
    differences = [sentence for auction_id in bar for sentence in verify_auction(auction_id)]
    if options.json:
        json.dump({"auctions": len(ids), "differences": differences}, sys.stdout)
        sys.stdout.write("\n")
    else:
        sys.stdout.writelines(f"{sentence}\n" for sentence in differences)
        verdict = f"{len(differences)} differences" if differences else "all as the history says"
        noun = "auction" if len(ids) == 1 else "auctions"
        sys.stdout.write(f"{len(ids)} {noun} verified: {verdict}\n")
    return 1 if differences else 0
