"""contracts/ and the catalogues in docs/: the same text every time, and stale ones are named."""

import json
import os
import subprocess
import sys

import pytest
from jsonschema import Draft202012Validator

from config.contracts import __main__ as program
from config.contracts import files, vectors
from tests.architecture.sources import BACKEND

TEXTS = """
import json, django
django.setup()
from config.contracts.files import contracts
print(json.dumps(contracts()))
"""


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return files.contracts()


def test_another_process_writes_the_same(texts):
    """Another order of sets and hashes, other settings."""
    environment = {"PYTHONHASHSEED": "7", "DJANGO_SETTINGS_MODULE": "config.settings.dev"}

    answer = subprocess.run(
        [sys.executable, "-c", TEXTS],
        cwd=BACKEND,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(answer.stdout) == texts


def test_check_names_what_is_stale_and_writes_nothing(texts, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(program, "ROOT", tmp_path)
    assert program.main([]) == 0
    assert program.main(["--check"]) == 0
    capsys.readouterr()
    page = tmp_path / "docs" / "events.md"
    page.write_text("old")
    (tmp_path / "contracts" / "openapi.yaml").unlink()

    assert program.main(["--check"]) == 1
    assert page.read_text() == "old"
    told = capsys.readouterr().out.splitlines()
    assert told[:2] == ["stale: contracts/openapi.yaml", "stale: docs/events.md"]
    assert "make contracts" in told[2]


@pytest.fixture(scope="module")
def messages(texts) -> Draft202012Validator:
    schema = json.loads(texts["contracts/events.schema.json"])
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def test_every_message_has_an_example_that_fits_it_alone(messages):
    for name, schema in messages.schema["$defs"].items():
        for example in schema.get("examples", ()):
            messages.validate(example)
            fitting = [
                other
                for other, each in messages.schema["$defs"].items()
                if "type" in each.get("properties", {})
                and each["properties"]["type"].get("const") == example["type"]
            ]
            assert fitting == [name]


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "bid_placed"},
        {"type": "unheard_of"},
        {"type": "place_bid", "amount": 0},
        {"type": "place_bid", "amount": "45000,00"},
        {"type": "resume", "last_seq": -1},
    ],
    ids=json.dumps,
)
def test_what_is_no_message_does_not_fit(messages, wrong):
    assert not messages.is_valid(wrong)


def test_every_room_to_replay_is_made_of_real_messages(messages, texts):
    unknown = {"something_new"}  # the case of a later version
    for case in json.loads(texts["contracts/room-vectors.json"])["vectors"]:
        for frame in case["frames"]:
            if frame["type"] not in unknown | {"snapshot"}:
                messages.validate(frame)


def test_every_room_to_replay_comes_out_as_it_says(texts):
    cases = json.loads(texts["contracts/room-vectors.json"])["vectors"]

    for case in cases:
        view, gap = vectors.replay(case["snapshot"], case["frames"])
        assert vectors.as_json(view) == case["view"], case["id"]
        assert (gap and {"last_seq": gap.last_seq, "seq": gap.seq}) == case["gap"], case["id"]


def test_rooms_to_replay_have_every_event_of_a_room(messages, texts):
    played = {
        frame["type"]
        for case in json.loads(texts["contracts/room-vectors.json"])["vectors"]
        for frame in case["frames"]
    }
    told = {
        schema["properties"]["type"]["const"]
        for schema in messages.schema["$defs"].values()
        if schema.get("x-audience") == "room"
    }

    assert told - played == set()
