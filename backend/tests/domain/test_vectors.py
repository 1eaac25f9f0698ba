"""Every English vector of the rule book, played through the engine."""

import json
from pathlib import Path

import pytest

from domain.simulation import simulate

VECTORS = json.loads((Path(__file__).parent / "vectors" / "bidding.json").read_text("utf-8"))[
    "vectors"
]
ENGLISH = [vector for vector in VECTORS if vector["settings"]["format"] == "english"]
OTHERS = [vector for vector in VECTORS if vector["settings"]["format"] != "english"]


@pytest.mark.parametrize("vector", ENGLISH, ids=lambda vector: vector["id"])
def test_engine_agrees_with_the_vector(vector):
    (played,) = simulate([vector])

    expected = [step["expect"] for step in vector["steps"]]
    assert played == {"id": vector["id"], "steps": expected}


@pytest.mark.parametrize("vector", OTHERS, ids=lambda vector: vector["id"])
def test_other_formats_are_skipped_by_name(vector):
    (played,) = simulate([vector])

    assert played["id"] == vector["id"]
    assert vector["settings"]["format"] in played["skipped"]
