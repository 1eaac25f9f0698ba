"""Results kept under the client's key, as the two providers keep them.

Stripe: for the whole account, whatever the result was, at least 24 h; another endpoint or other
parameters are an error; one still under way is a conflict. PayPal: per kind of call, successes
only, for hours or days by kind of call; parameters are not compared, and an answer given again is
200 instead of 201. (docs: api/idempotent_requests; reference/api-requests)
"""

from dataclasses import dataclass

from tests.fakepay.wire import Response


@dataclass(slots=True)
class Kept:
    """The first result under a key; `under_way` while its answer has not left yet."""

    endpoint: str
    fingerprint: bytes
    response: Response
    until: float
    under_way: bool = False


class Keys:
    """Keys of one provider; instants are seconds of the fake's clock."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, ...], Kept] = {}

    def find(self, key: tuple[str, ...], now: float) -> Kept | None:
        """Return what is kept, unless it is too old."""
        kept = self._kept.get(key)
        if kept is not None and kept.until <= now:
            del self._kept[key]
            return None
        return kept

    def keep(self, key: tuple[str, ...], kept: Kept) -> None:
        """Keep a first result."""
        self._kept.setdefault(key, kept)

    def hold(self, key: tuple[str, ...] | None) -> None:
        """Say that the answer under this key is still on its way."""
        if key in self._kept:
            self._kept[key].under_way = True

    def release(self, key: tuple[str, ...] | None) -> None:
        """Say that the answer has left."""
        if key in self._kept:
            self._kept[key].under_way = False
