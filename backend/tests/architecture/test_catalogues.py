"""Events and refusals: whoever adds one is told where else it must be said."""

import ast
from string import Formatter

import pytest

from apps.bidbazaar import errors as guide
from apps.core import api_errors as roadmap
from apps.payments.errors import MONEY_SENTENCES
from apps.payments.refusals import MoneyReason
from config import event_routes
from domain import events
from domain.reasons import Reason
from tests.architecture.sources import sources


def test_catalogue_names_every_event():
    written = {
        value
        for value in vars(events).values()
        if isinstance(value, type) and issubclass(value, events.Event)
    }

    assert set(events.ALL_EVENTS) == written - {events.Event}


def test_every_event_has_a_row_in_the_routes():
    assert set(event_routes.NOW) == set(events.ALL_EVENTS)


def test_no_two_events_share_a_word_on_the_wire():
    words = [event.type for event in events.ALL_EVENTS]

    assert len(set(words)) == len(words)


@pytest.mark.parametrize("event", events.ALL_EVENTS, ids=lambda event: event.__name__)
def test_event_says_what_a_client_should_make_of_it(event):
    assert event.__doc__
    assert not event.__doc__.startswith(event.__name__), "that is what a dataclass writes by itself"


@pytest.mark.parametrize("vocabulary", [roadmap, guide], ids=["roadmap", "guide"])
@pytest.mark.parametrize("reason", Reason)
def test_every_refusal_has_a_sentence(vocabulary, reason):
    status, sentence = vocabulary.SENTENCES[reason]

    assert 400 <= status < 500
    assert sentence


@pytest.mark.parametrize("vocabulary", [roadmap, guide], ids=["roadmap", "guide"])
def test_sentence_asks_for_no_secret(vocabulary):
    asked = {
        name
        for _, sentence in vocabulary.SENTENCES.values()
        for _, name, _, _ in Formatter().parse(sentence)
        if name
    }

    assert asked <= {"price", "starting", "min_next", "status"}


@pytest.mark.parametrize("reason", MoneyReason)
def test_every_refusal_of_money_has_a_sentence(reason):
    status, sentence = MONEY_SENTENCES[reason]

    assert 400 <= status < 500 or reason is MoneyReason.PROVIDER_SILENT
    assert sentence


def test_every_refusal_of_money_is_somebodys():
    said = {
        node.attr
        for source in sources("apps/payments")
        if source.name != "errors"
        for node in source.nodes
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "MoneyReason"
    }

    assert {reason.name for reason in MoneyReason} - said == set()
