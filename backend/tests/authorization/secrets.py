"""What one party knows and no other may read, planted in distinctive words, and the search for it.

Words begin with `sesame`, maximums and reserves are eight digits nobody else uses, addresses come
from a block that is reserved for documents. A finding is a needle that its reader may not have.
"""

import re
from dataclasses import dataclass, field

from domain.money import to_number

ANYWHERE = re.compile(
    r"sesame[a-z0-9-]*"
    r"|198\.51\.100\.[0-9]+"
    r"|(?<![0-9A-Za-z.])(?:[0-9]{6}\.[0-9]{2}|[0-9]{8})(?![0-9A-Za-z])"
    r"|[0-9a-f]{64}"
)


@dataclass
class Secrets:
    """Needles, each with what it is and who may read it."""

    needles: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)

    def plant(self, needle: str, what: str, *readers: str) -> str:
        """Remember a needle; returns it."""
        found = ANYWHERE.fullmatch(needle)
        assert found, f"{needle} would not be found again"
        assert needle not in self.needles, f"{needle} stands for two things"
        self.needles[needle] = (what, frozenset(readers))
        return needle

    def plant_amount(self, amount_minor: int, what: str, *readers: str) -> int:
        """Remember an amount as the JSON shows it and as the rows hold it; returns it."""
        self.plant(str(to_number(amount_minor, "USD")), what, *readers)
        self.plant(str(amount_minor), what, *readers)
        return amount_minor

    def leaked(self, text: str, reader: str) -> list[str]:
        """Return what a text tells this reader and should not."""
        found = {
            self.needles[word][0]
            for word in ANYWHERE.findall(text)
            if word in self.needles and reader not in self.needles[word][1]
        }
        return sorted(found)
