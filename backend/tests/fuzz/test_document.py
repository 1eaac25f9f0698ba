"""The OpenAPI document holds against a running house; python -m tests.fuzz.run looks longer."""

import pytest

from tests.fuzz.run import fuzz

PHASES = "examples,fuzzing,stateful"  # coverage, the fourth, takes minutes


@pytest.mark.timeout(300)
def test_house_answers_as_its_document_says(capfd):
    answer = fuzz("seller", 10, ["--phases", PHASES, "--seed", "1"])

    assert answer.returncode == 0, capfd.readouterr().out[-20_000:]
