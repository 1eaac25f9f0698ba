"""An auction that nobody bought, or whose buyer did not pay, once more."""

import pytest
from django.core.files.storage import default_storage

from apps.auctions import services
from apps.auctions.models import Auction, AuctionImage
from apps.bidding.desk import desk
from apps.core import uploads
from apps.payments import sales
from apps.payments.models import Sale
from domain.commands import CancelAuction, EndAuction, PlaceBid
from tests.authorization.world import picture
from tests.factories import AuctionFactory, AuctionImageFactory, CategoryFactory, LotFactory

pytestmark = pytest.mark.django_db


def path(auction):
    return f"/api/auctions/{auction.pk}/relist/"


@pytest.fixture
def unsold(cast):
    return AuctionFactory(
        seller=cast.seller, ended=True, category=CategoryFactory(), title="A desk",
        reserve_minor=500_00, buy_now_minor=900_00, soft_close_window_seconds=60,
        soft_close_extension_seconds=120, minimum_increment_minor=5_00, increment_table="",
        increment_strict=True, currency="EUR",
    )  # fmt: skip


@pytest.fixture
def sold(cast):
    auction = AuctionFactory(seller=cast.seller)
    desk.ask(auction.pk, PlaceBid(actor_id=cast.bidder1.pk, amount_minor=120_00))
    desk.ask(auction.pk, EndAuction(actor_id=cast.seller.pk))
    return auction


def test_a_draft_says_what_the_auction_said(api, cast, unsold):
    LotFactory(auction=unsold, lot_number=1, title="Desk", estimate_low_minor=400_00)
    AuctionImageFactory.create_batch(2, auction=unsold)

    reply = api(cast.seller).post(path(unsold))

    assert reply.status_code == 201
    first, again = api(cast.seller).get(f"/api/auctions/{unsold.pk}/").json(), reply.json()
    assert again["id"] != first["id"]
    assert (again["status"], again["start_time"], again["end_time"]) == ("draft", None, None)
    for name in (
        "title", "description", "category", "condition", "closing", "currency", "starting_price",
        "minimum_increment", "increment_rule", "reserve_price", "buy_now_price", "soft_close",
        "seller",
    ):  # fmt: skip
        assert again[name] == first[name], name
    assert again["duration_seconds"] == 7 * 24 * 3600 - 3600  # what it was planned to run
    assert [lot | {"id": 0} for lot in again["lots"]] == [lot | {"id": 0} for lot in first["lots"]]
    files = [picture["image"] for picture in first["images"]]
    assert [picture["image"] for picture in again["images"]] == files
    assert (again["total_bids"], again["bids"], again["current_bid"]) == (0, [], None)
    started = api(cast.seller).post(f"/api/auctions/{again['id']}/activate/")
    assert (started.status_code, started.json()["status"]) == (200, "active")


def test_an_auction_without_a_soft_close_stays_without(api, cast):
    hard = AuctionFactory(seller=cast.seller, ended=True)

    assert api(cast.seller).post(path(hard)).json()["soft_close"] is None


def test_a_run_longer_than_drafts_may_have_is_cut(api, cast, settings):
    settings.AUCTION_DURATION_SECONDS_MAX = 3600
    long = AuctionFactory(seller=cast.seller, ended=True)

    assert api(cast.seller).post(path(long)).json()["duration_seconds"] == 3600


@pytest.mark.parametrize("status", ["lapsed", "cancelled"])
def test_what_its_buyer_let_go_is_listed_again(api, cast, sold, status):
    sales.open_sales()
    Sale.objects.update(status=status)

    assert api(cast.seller).post(path(sold)).status_code == 201


@pytest.mark.parametrize("status", ["", "due", "offered", "paid"])
def test_what_is_sold_is_not_listed_again(api, cast, sold, status):
    if status:
        sales.open_sales()
        Sale.objects.update(status=status)

    reply = api(cast.seller).post(path(sold))

    assert (reply.status_code, reply.json()["code"]) == (400, "still_sold")
    assert reply.json()["error"] == (
        "This auction is sold; it can be listed again once its buyer has let it go"
    )
    assert Auction.objects.count() == 1


@pytest.mark.parametrize("state", ["draft", "scheduled", "active", "cancelled"])
def test_what_is_not_over_is_not_listed_again(api, cast, state):
    traits = {state: True} if state in ("draft", "scheduled") else {}
    auction = AuctionFactory(seller=cast.seller, total_bids=1, **traits)
    if state == "cancelled":
        desk.ask(auction.pk, CancelAuction(actor_id=cast.staff.pk, is_staff=True))

    reply = api(cast.seller).post(path(auction))

    assert (reply.status_code, reply.json()["code"]) == (400, "not_over")
    assert reply.json()["error"].endswith(f"this one is {state}")


def test_only_its_seller_lists_it_again(api, cast, unsold):
    assert api().post(path(unsold)).status_code == 401
    assert api(cast.stranger).post(path(unsold)).status_code == 403
    assert api(cast.staff).post(path(unsold)).status_code == 403
    cast.seller.can_sell = False
    cast.seller.save()
    assert api(cast.seller).post(path(unsold)).status_code == 403
    assert api(cast.stranger).post("/api/auctions/999/relist/").status_code == 404


@pytest.mark.parametrize("goes", ["draft", "picture"])
def test_shared_files_live_as_long_as_anybody_shows_them(
    api, cast, goes, django_capture_on_commit_callbacks
):
    original = AuctionFactory(seller=cast.seller)
    services.add_images(original.pk, actor_id=cast.seller.pk, files=[picture()])
    desk.ask(original.pk, EndAuction(actor_id=cast.seller.pk))
    client = api(cast.seller)
    drafts = [client.post(path(original)).json() for _ in range(2)]
    file = AuctionImage.objects.filter(auction=original).get().image

    def remove(draft):
        with django_capture_on_commit_callbacks(execute=True):
            if goes == "draft":
                services.delete_draft(draft["id"], actor_id=cast.seller.pk)
            else:
                services.remove_image(
                    draft["id"], actor_id=cast.seller.pk, image_id=draft["images"][0]["id"]
                )

    for draft in drafts:
        remove(draft)
        assert default_storage.exists(file)
        assert default_storage.exists(uploads.thumbnail_of(file))
    AuctionImage.objects.all().delete()
    services._delete_unless_shared(file)
    assert not default_storage.exists(file)
