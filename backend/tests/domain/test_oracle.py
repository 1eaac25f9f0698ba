"""The oracle agrees with every English vector (groups A to I)."""

import json
import os
from pathlib import Path

import pytest
from oracle import play  # pytest puts this directory on sys.path

VECTORS = os.environ.get("BIDBAZAAR_VECTORS") or Path(__file__).parent / "vectors" / "bidding.json"

# Cents and pence; catawiki_usd in dollars. The last two hold no more than the vectors show.
TABLES = {
    "ebay_us": [
        [1, 5], [100, 25], [500, 50], [2500, 100], [10000, 250],
        [25000, 500], [50000, 1000], [100000, 2500], [250000, 5000], [500000, 10000],
    ],
    "ebay_uk": [
        [1, 5], [100, 20], [500, 50], [1500, 100], [6000, 200],
        [15000, 500], [30000, 1000], [60000, 2000], [150000, 5000], [300000, 10000],
    ],
    "maxsold": [[1, 100], [5001, 500], [10001, 1000]],
    "catawiki_usd": [[1, 6]],
}  # fmt: skip


def english_vectors() -> list[dict]:
    vectors = json.loads(Path(VECTORS).read_text(encoding="utf-8"))
    if isinstance(vectors, dict):
        vectors = vectors["vectors"]
    return [vector for vector in vectors if vector["id"][0] in "ABCDEFGHI"]


@pytest.mark.parametrize("vector", english_vectors(), ids=lambda vector: vector["id"])
def test_oracle_agrees_with_the_vector(vector):
    actions = [step["action"] for step in vector["steps"]]

    answers = play(vector["settings"], actions, TABLES)

    for step, answer in zip(vector["steps"], answers, strict=True):
        assert answer == step["expect"], step["action"]
