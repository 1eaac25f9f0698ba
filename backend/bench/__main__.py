"""`make bench`: every measurement in turn, each a table and one JSON line.

The servers are the ones of DATABASE_URL and REDIS_URL, durable when started with --fsync.
Absolute figures drift from machine to machine: quote the ratios of one run.
"""

import subprocess
import sys

MEASUREMENTS = ("bench.hot_auction", "bench.fanout", "bench.closing", "bench.shill")


def main(arguments: list[str]) -> int:
    """Run the named measurements, or all; returns 0 when each of them ran to its end."""
    failed = [
        name
        for name in arguments or MEASUREMENTS
        if subprocess.run([sys.executable, "-m", name], check=False).returncode
    ]
    if failed:
        sys.stderr.write(f"not measured: {', '.join(failed)}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
