"""Published increment tables as data: pairs of (from, step), each band `[from, next from)`.

In minor units of a currency with two decimals; a table marked `whole` is in whole units, as its
house publishes it. Houses that write "up to and including" start the next band one cent higher.
Source: docs/bidding-rules.md 1.4; the pages named at each table.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.increments import Increments

MINOR_PER_UNIT = 100

#: What a script may call its unit; any other word leaves a table as it is published.
MINOR_UNITS = frozenset({"cent", "cents", "penny", "pence"})
WHOLE_UNITS = frozenset({"dollar", "dollars", "euro", "euros", "pound", "pounds"})


@dataclass(frozen=True, slots=True)
class Table:
    """The bands of one house, ascending."""

    bands: tuple[tuple[int, int], ...]
    whole: bool = False


TABLES: Mapping[str, Table] = {
    # pages.ebay.com/help/buy/bid-increments.html
    "ebay_us": Table(
        (
            (1, 5),
            (1_00, 25),
            (5_00, 50),
            (25_00, 1_00),
            (100_00, 2_50),
            (250_00, 5_00),
            (500_00, 10_00),
            (1_000_00, 25_00),
            (2_500_00, 50_00),
            (5_000_00, 100_00),
        )
    ),
    # ebay.co.uk/pages/help/buy/bid-increments.html
    "ebay_uk": Table(
        (
            (1, 5),
            (1_00, 20),
            (5_00, 50),
            (15_00, 1_00),
            (60_00, 2_00),
            (150_00, 5_00),
            (300_00, 10_00),
            (600_00, 20_00),
            (1_500_00, 50_00),
            (3_000_00, 100_00),
        )
    ),
    # artsy.net/auction-info
    "artsy": Table(
        (
            (0, 50_00),
            (1_000_00, 100_00),
            (2_000_00, 250_00),
            (5_000_00, 500_00),
            (10_000_00, 1_000_00),
            (20_000_00, 2_000_00),
            (50_000_00, 5_000_00),
            (100_000_00, 10_000_00),
            (200_000_00, 25_000_00),
            (500_000_00, 50_000_00),
            (1_000_000_00, 100_000_00),
        )
    ),
    # support.maxsold.com/hc/en-us/articles/203144054 says "up to and including"
    "maxsold": Table(
        (
            (0, 1_00),
            (35_01, 5_00),
            (100_01, 10_00),
            (1_000_01, 50_00),
            (5_000_01, 100_00),
            (10_000_01, 250_00),
        )
    ),
    # auction.catawiki.com/auctions/autobidding (an auction shown in dollars). The page's last
    # row begins below the end of the one before, at 500,000; here it begins where that one ends.
    "catawiki_usd": Table(
        (
            (1, 2),
            (12, 6),
            (112, 12),
            (223, 23),
            (557, 56),
            (1_114, 112),
            (2_228, 223),
            (5_570, 557),
            (11_139, 1_114),
            (22_278, 2_228),
            (55_695, 5_570),
            (111_390, 11_139),
            (222_780, 22_278),
            (556_950, 55_695),
        ),
        whole=True,
    ),
    # auction.catawiki.com/nl/help/bidding-basics/how-is-the-next-minimum-bid-calculated
    "catawiki_eur": Table(
        (
            (1, 1),
            (11, 5),
            (101, 10),
            (201, 20),
            (501, 50),
            (1_001, 100),
            (2_001, 200),
            (5_001, 500),
            (10_001, 1_000),
            (20_001, 2_000),
            (50_001, 5_000),
            (100_001, 10_000),
            (200_001, 20_000),
            (500_001, 50_000),
        ),
        whole=True,
    ),
    # The help centre of Trade Me, article 360024533632 "Placing a bid"
    "trademe": Table(
        (
            (0, 50),
            (20_00, 1_00),
            (200_00, 5_00),
            (1_000_00, 10_00),
            (5_000_00, 50_00),
            (25_000_00, 100_00),
        )
    ),
    # northbayonlineestateauctions.com/page/bidding (a HiBid house), "up to and including"
    "northbay": Table(
        (
            (0, 1_00),
            (100_01, 5_00),
            (500_01, 10_00),
            (1_000_01, 25_00),
            (2_500_01, 50_00),
            (5_000_01, 100_00),
        )
    ),
}

#: The table of an auction that names none (docs/bidding-rules.md 1.4).
SITE_TABLE = "ebay_us"


def increments_of(name: str, unit: str = "") -> Increments:
    """Return the table's ladder for amounts counted in `unit`.

    Raises ValueError, naming the known tables, for one that is not here.
    """
    if name not in TABLES:
        known = ", ".join(sorted(TABLES))
        raise ValueError(f"unknown increment table {name!r}; known are {known}")
    table = TABLES[name]
    if table.whole and unit in MINOR_UNITS:
        bands = [(start * MINOR_PER_UNIT, step * MINOR_PER_UNIT) for start, step in table.bands]
        return Increments.ladder(bands)
    if not table.whole and unit in WHOLE_UNITS and _has_whole_steps(table):
        # The first whole amount inside a band: 35.01 begins at 36.
        bands = [
            (-(-start // MINOR_PER_UNIT), step // MINOR_PER_UNIT) for start, step in table.bands
        ]
        return Increments.ladder(bands)
    return Increments.ladder(list(table.bands))


def _has_whole_steps(table: Table) -> bool:
    return all(step % MINOR_PER_UNIT == 0 for _, step in table.bands)
