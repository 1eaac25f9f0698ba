"""The door out: who asks to have his account deleted is the owner; what goes is decided above.

What an account is entangled in only the apps above know. The one that knows them all says here
how an account is deleted, so that this one has to know none of them.
"""

from collections.abc import Callable

from apps.users import factor_services, rules, services
from apps.users.models import User
from apps.users.rules import AccountError, AccountReason

#: Deletes an account by its id, or raises AccountInUse with nothing changed.
Deleter = Callable[[int], None]

_deleter: Deleter | None = None


class AccountInUse(AccountError):
    """An account that cannot be deleted yet; each obstacle is a sentence that says what to do."""

    def __init__(self, obstacles: list[str]) -> None:
        super().__init__(AccountReason.ACCOUNT_IN_USE, obstacles[0])
        self.obstacles = obstacles

    def facts(self) -> dict[str, str]:
        """Return all of them, where there are several."""
        return {"details": "; ".join(self.obstacles)} if len(self.obstacles) > 1 else {}


def delete_with(deleter: Deleter) -> None:
    """Say how accounts are deleted."""
    global _deleter  # noqa: PLW0603 - one per process, set while it starts
    _deleter = deleter


def delete_account(user: User, *, password: object, code: object) -> None:
    """Delete an account for good, by its password or by a code of its second factor.

    Raises AccountError: neither given, wrong; AccountInUse; CodesLocked.
    """
    if code is not None and code != "":
        if not factor_services.spend_code(user.pk, rules.text(code, "code")):
            raise AccountError(AccountReason.CODE_INVALID, "The code is wrong", ("code",))
    else:
        rules.require(password=password)
        services.confirm_identity(user, password=password, session_id="")
    if _deleter is None:
        raise RuntimeError("delete_with() has not been called")
    _deleter(user.pk)
