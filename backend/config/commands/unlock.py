"""`bidbazaar unlock`: for somebody who has lost device and recovery codes.

Takes every second factor of an account away and ends its sessions; the password stays. It is for
whoever runs the site, after making sure who asks: no door on the network does this.
"""

import argparse
import sys

from apps.users import factor_services, selectors
from config.commands import CommandError
from config.preparing import require_database


def run(options: argparse.Namespace) -> int:
    """Take the factors of one account away; says so when there were none."""
    require_database()
    user = selectors.user_by_username(options.username)
    if user is None:
        raise CommandError(f"there is no account {options.username!r}")
    had = factor_services.forget_second_factors(user.pk)
    done = "second factors removed, sessions ended" if had else "has no second factor"
    sys.stdout.write(f"{user.username}: {done}\n")
    return 0
