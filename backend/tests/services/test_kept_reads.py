"""Anonymous reads answered from what is kept: never older than the last change."""

import pytest

from apps.auctions import following_services, services
from apps.bidding.desk import desk
from domain.commands import PlaceBid
from tests.factories import AuctionFactory

pytestmark = pytest.mark.django_db

LIST = "/api/auctions/"


@pytest.fixture(autouse=True)
def _keep(settings):
    settings.KEEP_READS = True


@pytest.fixture
def auction(cast):
    return AuctionFactory(seller=cast.seller, description='"server_time":"never"')


@pytest.fixture
def detail(auction):
    return f"{LIST}{auction.pk}/"


@pytest.mark.parametrize("path", [LIST, f"{LIST}active/", "/api/categories/"])
def test_a_list_is_built_once(api, auction, path, django_assert_max_num_queries):
    first = api().get(path)
    with django_assert_max_num_queries(2):
        again = api().get(path)

    assert first.status_code == again.status_code == 200
    assert again.json().keys() == first.json().keys()
    assert dict(again.headers) == dict(first.headers)


def test_a_detail_is_built_once_and_its_clock_goes_on(
    api, detail, frozen_clock, django_assert_max_num_queries
):
    first = api().get(detail).json()
    frozen_clock.advance(5)
    with django_assert_max_num_queries(1):
        again = api().get(detail).json()

    assert again["server_time"] > first["server_time"]
    assert again | {"server_time": 0} == first | {"server_time": 0}
    assert again["description"] == '"server_time":"never"'


def test_what_is_kept_grows_old(api, auction, frozen_clock):
    api().get(LIST)
    frozen_clock.advance(1)
    AuctionFactory()  # tells nobody, as a change in another table would not

    assert api().get(LIST).json()["count"] == 2


def test_every_change_is_seen_at_once(api, cast, auction, detail):
    def seen():
        listed = api().get(LIST).json()["results"][0]
        shown = api().get(detail).json()
        return listed["title"], listed["current_bid"], shown["title"], shown["current_bid"]

    before = seen()
    desk.ask(auction.pk, PlaceBid(actor_id=cast.bidder1.pk, amount_minor=120_00))
    assert seen() == (before[0], 120, before[0], 120)
    services.edit_auction(auction.pk, actor_id=cast.seller.pk, changes={"title": "Other"})
    assert seen() == ("Other", 120, "Other", 120)


def test_watchers_of_a_detail_are_counted_at_once(api, cast, auction, detail):
    assert api().get(detail).json()["watchers"] == 0
    following_services.watch(auction.pk, user_id=cast.stranger.pk)
    assert api().get(detail).json()["watchers"] == 1


def test_each_address_has_its_own_answer(api, auction):
    AuctionFactory()
    assert len(api().get(LIST).json()["results"]) == 2
    assert len(api().get(f"{LIST}?page_size=1").json()["results"]) == 1
    assert len(api().get(f"{LIST}?search=walnut").json()["results"]) == 2
    assert api().get(f"{LIST}?search=oak").json()["results"] == []


def test_a_token_always_reads_anew(api, cast, auction, detail):
    auction.reserve_minor = 500_00
    auction.save(update_fields=["reserve_minor"])
    seller = api(cast.seller)

    api().get(detail)
    assert seller.get(detail).json()["reserve_price"] == 500
    assert "reserve_price" not in api().get(detail).json()
    assert api().get(detail, HTTP_AUTHORIZATION="Bearer nonsense").status_code == 401


def test_an_unchanged_detail_is_304_from_what_is_kept(api, detail):
    tag = api().get(detail)["ETag"]

    reply = api().get(detail, headers={"If-None-Match": tag})

    assert (reply.status_code, reply.content, reply["ETag"]) == (304, b"", tag)


def test_a_refusal_is_not_kept(api, cast):
    draft = AuctionFactory(seller=cast.seller, draft=True)
    path = f"{LIST}{draft.pk}/"

    assert api().get(path).status_code == 404
    draft.status = "active"
    draft.save(update_fields=["status"])
    assert api().get(path).status_code == 200
    assert api().get(f"{LIST}?foo=1").status_code == 400
    assert api().get(f"{LIST}?foo=1").status_code == 400
