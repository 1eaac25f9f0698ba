"""The listing services: rows, schedules, increments, files, the search index, what is due."""

import io
import logging
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image

from apps.auctions import services
from apps.auctions.categories import category_tree
from apps.auctions.models import Auction, AuctionImage, Category, Lot, Watchlist
from apps.auctions.search import search_auctions
from apps.auctions.selectors import (
    Viewer,
    auction_for_update,
    due_auction_ids,
    visible_auctions,
)
from apps.auctions.services import create_auction, edit_auction
from apps.auctions.states import increments_for, rules_of, state_of
from apps.auctions.tasks import close_due_auctions
from apps.auctions.terms import NewAuction, NewLot
from apps.bidding.desk import desk
from apps.bidding.models import BidHistory
from apps.bidding.verify import verify_auction
from apps.core import clock
from domain.auction import Closing, SoftClose
from domain.commands import ActivateAuction, PlaceBid, Tick
from domain.listing import InvalidTerms
from domain.reasons import Reason, Refused
from tests.factories import (
    AuctionFactory,
    AuctionImageFactory,
    CategoryFactory,
    WatchlistFactory,
)

pytestmark = pytest.mark.django_db


def asked(**terms):
    least = {"title": "Walnut desk", "starting_minor": 100_00, "currency": "USD"}
    return NewAuction(**least | terms)


def created(cast, **terms):
    return create_auction(cast.seller.pk, asked=asked(**terms))


def refused_with(reason):
    return pytest.raises(Refused, check=lambda error: error.refusal.reason is reason)


def blames(*fields):
    return pytest.raises(InvalidTerms, check=lambda error: tuple(error.problems) == fields)


# -- create -------------------------------------------------------------------------------------


def test_a_new_auction_is_a_draft_that_nobody_waits_for(cast):
    auction = created(cast, lots=(NewLot(title="a"), NewLot(title="b")))

    auction.refresh_from_db()
    assert (auction.status, auction.next_due_at, auction.seq) == ("draft", None, 0)
    assert (auction.start_at, auction.end_at) == (None, None)
    assert auction.duration_seconds == 7 * 24 * 3600
    assert (auction.increment_table, auction.increment_strict) == ("ebay_us", False)
    assert list(Lot.objects.values_list("lot_number", "title")) == [(1, "a"), (2, "b")]


def test_an_own_increment_is_strict_unless_said_otherwise(cast):
    strict = created(cast, minimum_increment_minor=5_00)
    inclusive = created(cast, minimum_increment_minor=5_00, increment_strict=False)

    assert (strict.increment_strict, strict.increment_table) == (True, "")
    assert (inclusive.increment_strict, rules_of(inclusive).increments.at(1)) == (False, 5_00)


def test_the_increment_table_is_the_nearest_ancestors(cast):
    art = CategoryFactory(increment_table="artsy")
    prints = CategoryFactory(parent=CategoryFactory(parent=art))
    toys = CategoryFactory()

    assert created(cast, category_id=prints.pk).increment_table == "artsy"
    assert created(cast, category_id=toys.pk).increment_table == "ebay_us"


def test_a_loop_among_categories_ends(cast):
    one, two = CategoryFactory(), CategoryFactory()
    Category.objects.filter(pk=one.pk).update(parent=two)
    Category.objects.filter(pk=two.pk).update(parent=one)

    assert created(cast, category_id=one.pk).increment_table == "ebay_us"
    assert category_tree() == []


@pytest.mark.parametrize(
    ("currency", "price_minor", "step_minor"),
    [("USD", 1_000_00, 25_00), ("JPY", 1_000, 25), ("KWD", 1_000_000, 25_000), ("JPY", 1, 1)],
)
def test_a_table_is_read_at_face_value_in_every_currency(currency, price_minor, step_minor):
    auction = AuctionFactory.build(currency=currency, seller_id=1)

    assert increments_for(auction).at(price_minor) == step_minor


def test_offers_are_strict_without_increment_and_without_extension(cast):
    auction = created(cast, closing=Closing.SELLER_CHOICE)

    assert (auction.minimum_increment_minor, auction.increment_strict) == (0, True)
    assert rules_of(auction).soft_close is None


def test_a_hard_close_is_kept_and_the_default_is_the_houses(cast):
    soft = created(cast)
    hard = created(cast, hard_close=True)

    assert rules_of(soft).soft_close == SoftClose(window_seconds=120, extension_seconds=120)
    assert rules_of(hard).soft_close is None


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"reserve_minor": 100_00}, "reserve_minor"),
        ({"buy_now_minor": 129_99}, "buy_now_minor"),
        ({"reserve_minor": 200_00, "buy_now_minor": 200_00}, "buy_now_minor"),
        ({"closing": Closing.SELLER_CHOICE, "buy_now_minor": 200_00}, "buy_now_minor"),
    ],
)
def test_prices_stand_in_their_order(cast, terms, field):
    with blames(field):
        created(cast, **terms)
    assert not Auction.objects.exists()


def test_a_buy_now_of_exactly_130_percent_is_enough(cast):
    assert created(cast, buy_now_minor=130_00).pk


def test_a_listed_product_opens_and_closes_by_its_dates_alone(cast, frozen_clock):
    now = frozen_clock()
    past, ahead = now - timedelta(days=9), now + timedelta(days=9)
    offers = {"closing": Closing.SELLER_CHOICE, "listed": True}
    over = created(cast, start_at=past, end_at=now, **offers)
    running = created(cast, start_at=past, end_at=ahead, **offers)
    waiting = created(cast, start_at=ahead, end_at=ahead + timedelta(1), **offers)

    assert close_due_auctions() == 2

    statuses = dict(Auction.objects.values_list("pk", "status"))
    assert statuses == {over.pk: "ended", running.pk: "active", waiting.pk: "scheduled"}
    with blames("end_at"):
        created(cast, start_at=now, end_at=now, **offers)


# -- edit ---------------------------------------------------------------------------------------


def test_only_the_seller_edits(cast):
    auction = AuctionFactory(seller=cast.seller, draft=True)

    with refused_with(Reason.FORBIDDEN):
        edit_auction(auction.pk, actor_id=cast.staff.pk, changes={"title": "Mine"})
    with refused_with(Reason.NOT_FOUND):
        edit_auction(auction.pk + 1, actor_id=cast.seller.pk, changes={"title": "Mine"})


def test_what_a_field_already_says_is_no_change(cast):
    auction = created(cast, minimum_increment_minor=5_00)
    desk.ask(auction.pk, ActivateAuction(actor_id=cast.seller.pk))
    desk.ask(auction.pk, PlaceBid(actor_id=cast.bidder1.pk, amount_minor=100_00))
    stamp = Auction.objects.get().updated_at

    edit_auction(
        auction.pk,
        actor_id=cast.seller.pk,
        changes={"starting_minor": 100_00, "minimum_increment_minor": 5_00, "title": "Walnut desk"},
    )

    assert Auction.objects.get().updated_at == stamp


def test_an_edit_touches_nothing_of_the_bidding(cast):
    auction = AuctionFactory(seller=cast.seller)
    desk.ask(auction.pk, PlaceBid(actor_id=cast.bidder1.pk, amount_minor=120_00))
    before = Auction.objects.values().get()

    edit_auction(auction.pk, actor_id=cast.seller.pk, changes={"title": "Other"})

    after = Auction.objects.values().get()
    assert {name for name in after if after[name] != before[name]} == {"title", "updated_at"}
    assert verify_auction(auction.pk) == []


def test_a_bid_that_came_first_freezes_the_price(cast):
    auction = AuctionFactory(seller=cast.seller)
    desk.ask(auction.pk, PlaceBid(actor_id=cast.bidder1.pk, amount_minor=100_00))

    with blames("starting_minor", "reserve_minor"):
        edit_auction(
            auction.pk,
            actor_id=cast.seller.pk,
            changes={"starting_minor": 1, "reserve_minor": 900_00, "title": "x"},
        )


def test_an_auction_past_its_end_is_over_though_nobody_closed_it(cast, frozen_clock):
    auction = AuctionFactory(seller=cast.seller, end_at=frozen_clock() + timedelta(minutes=1))
    frozen_clock.advance(60)

    with blames("title"):
        edit_auction(auction.pk, actor_id=cast.seller.pk, changes={"title": "x"})


def test_a_shortened_auction_is_due_at_its_new_warning(cast, frozen_clock):
    auction = AuctionFactory(seller=cast.seller)
    end = frozen_clock() + timedelta(hours=1)

    edit_auction(auction.pk, actor_id=cast.seller.pk, changes={"end_at": end})

    auction.refresh_from_db()
    assert auction.next_due_at == end - timedelta(seconds=60)
    frozen_clock.set(end - timedelta(seconds=30))
    close_due_auctions()
    edit_auction(auction.pk, actor_id=cast.seller.pk, changes={"end_at": end + timedelta(hours=1)})
    auction.refresh_from_db()
    assert (auction.warned_seconds, auction.next_due_at) == ([], end + timedelta(minutes=59))


def test_a_moved_start_wakes_the_closer_then(cast, frozen_clock):
    auction = AuctionFactory(seller=cast.seller, scheduled=True)
    start = frozen_clock() + timedelta(hours=2)

    edit_auction(auction.pk, actor_id=cast.seller.pk, changes={"start_at": start})

    auction.refresh_from_db()
    assert (auction.start_at, auction.next_due_at) == (start, start)


def test_changing_to_offers_and_back_takes_the_house_defaults(cast):
    auction = created(cast)

    offers = edit_auction(
        auction.pk, actor_id=cast.seller.pk, changes={"closing": Closing.SELLER_CHOICE}
    )
    assert (offers.minimum_increment_minor, rules_of(offers).soft_close) == (0, None)
    timed = edit_auction(auction.pk, actor_id=cast.seller.pk, changes={"closing": Closing.TIMED})
    assert (timed.minimum_increment_minor, timed.increment_table) == (None, "ebay_us")
    assert rules_of(timed).soft_close is not None
    assert not timed.increment_strict


def test_a_row_is_only_locked_inside_a_transaction():
    auction = AuctionFactory()
    with transaction.atomic():
        assert auction_for_update(auction.pk) == auction


@pytest.mark.django_db(transaction=True)
def test_locking_outside_a_transaction_is_a_programmers_mistake():
    with pytest.raises(RuntimeError, match="transaction"):
        auction_for_update(1)


# -- delete and pictures ------------------------------------------------------------------------


def stored_picture(path):
    body = io.BytesIO()
    Image.new("RGB", (4, 4)).save(body, "WEBP")
    return default_storage.save(path, ContentFile(body.getvalue()))


def test_a_deleted_drafts_files_go_after_the_commit(cast, django_capture_on_commit_callbacks):
    auction = AuctionFactory(seller=cast.seller, draft=True)
    path = stored_picture("product_images/gone.webp")
    AuctionImageFactory(auction=auction, image=path)
    WatchlistFactory(auction=auction)

    with django_capture_on_commit_callbacks(execute=True):
        assert services.delete_draft(auction.pk, actor_id=cast.seller.pk)
        assert default_storage.exists(path)

    assert not default_storage.exists(path)
    assert not Auction.objects.exists()
    assert not Watchlist.objects.exists()


def test_what_is_published_is_not_deleted_as_a_draft(cast):
    auction = AuctionFactory(seller=cast.seller)

    assert not services.delete_draft(auction.pk, actor_id=cast.seller.pk)
    assert Auction.objects.exists()


def test_a_refused_upload_leaves_no_file(cast):
    auction = AuctionFactory(seller=cast.seller, ended=True)
    kept = default_storage.open(stored_picture("product_images/kept.webp"), "rb")
    before = default_storage.listdir("product_images")

    with kept, blames("images"):
        services.add_images(auction.pk, actor_id=cast.seller.pk, files=[kept])

    assert not AuctionImage.objects.exists()
    assert default_storage.listdir("product_images") == before


# -- who sees what ------------------------------------------------------------------------------


def test_visibility_by_status_and_viewer(cast):
    rows = {
        "draft": AuctionFactory(seller=cast.seller, draft=True),
        "scheduled": AuctionFactory(seller=cast.seller, scheduled=True),
        "active": AuctionFactory(seller=cast.seller),
        "ended": AuctionFactory(seller=cast.seller, ended=True),
        "cancelled with bids": AuctionFactory(seller=cast.seller, status="cancelled", total_bids=2),
        "deleted": AuctionFactory(seller=cast.seller, status="cancelled"),
        "removed": AuctionFactory(seller=cast.seller, status="removed"),
    }
    names = {row.pk: name for name, row in rows.items()}

    def seen(viewer):
        return {names[pk] for pk in visible_auctions(viewer).values_list("pk", flat=True)}

    public = {"scheduled", "active", "ended", "cancelled with bids"}
    assert seen(Viewer()) == seen(Viewer(cast.stranger.pk)) == public
    assert seen(Viewer(cast.seller.pk)) == public | {"draft"}
    assert seen(Viewer(cast.staff.pk, is_staff=True)) == set(rows)


# -- search -------------------------------------------------------------------------------------


def found(text):
    rows = search_auctions(Auction.objects.all(), text).order_by("-relevance", "-pk")
    return [row.title for row in rows]


def test_search_needs_every_word_and_ranks_titles_first():
    AuctionFactory(title="Walnut writing desk", description="Sturdy.")
    AuctionFactory(title="Chair", description="Walnut stain; goes with a desk.")
    AuctionFactory(title="Oak desk", description="Sturdy.")

    assert found("walnut desk") == ["Walnut writing desk", "Chair"]
    assert found("WALN") == ["Walnut writing desk", "Chair"]
    assert found("walnut oak") == []
    assert found("!!") == []


@pytest.mark.parametrize("text", ["ébène", "EBENE", "eben", "Ébe"])
def test_search_knows_no_accents(text):
    AuctionFactory(title="Ébène chair")

    assert found(text) == ["Ébène chair"]


@pytest.mark.parametrize("title", ["日本の花瓶", "йод", "도자기 항아리", "ΑΓΓΕΙΟ"])
def test_search_knows_every_script(title):
    AuctionFactory(title=title)

    assert found(title[:2]) == found(title.lower()) == [title]


def test_search_forgives_a_misspelt_word():
    AuctionFactory(title="Walnut writing desk", description="Sturdy.")

    assert found("wallnut desk") == found("awalnut desk") == ["Walnut writing desk"]
    assert found("xylophone desk") == []


@pytest.mark.parametrize("text", ["ebbene", "ébbène", "ebène"])
def test_search_forgives_a_misspelt_word_with_accents(text):
    AuctionFactory(title="Ébène chair")

    assert found(text) == ["Ébène chair"]


def test_one_latin_letter_is_a_word_and_no_beginning():
    AuctionFactory(title="Walnut desk", description="")
    AuctionFactory(title="Plan B", description="")

    assert found("b") == ["Plan B"]
    assert found("w") == []


def test_the_search_index_follows_every_write():
    auction = AuctionFactory(title="Walnut desk", description="")
    assert found("walnut") == ["Walnut desk"]

    auction.title = "Oak desk"
    auction.save(update_fields=["title"])
    assert (found("walnut"), found("oak")) == ([], ["Oak desk"])
    Auction.objects.update(description="with a mirror")
    assert found("mirror") == ["Oak desk"]
    auction.delete()
    assert (found("oak"), found("mirror")) == ([], [])


@pytest.mark.parametrize(
    "text", ['"', "'", "q'z", 'q" OR "z', "(", "NEAR(q z)", "q:*", "q & | !", "%", "\\", "x" * 500]
)
def test_search_text_is_never_syntax(text):
    AuctionFactory(title="Walnut desk")

    assert found(text) == []


# -- what is due --------------------------------------------------------------------------------


def test_the_closer_opens_warns_and_closes_and_then_rests(cast, frozen_clock):
    now = frozen_clock()
    starts = AuctionFactory(scheduled=True, start_at=now, next_due_at=now)
    warns = AuctionFactory(end_at=now + timedelta(seconds=60), next_due_at=now)
    ends = AuctionFactory(seller=cast.seller, end_at=now, next_due_at=now)
    AuctionFactory()

    assert close_due_auctions() == 3
    assert close_due_auctions() == 0

    for row in (starts, warns, ends):
        row.refresh_from_db()
    assert (starts.status, warns.warned_seconds, ends.status) == ("active", [60], "ended")
    assert (ends.next_due_at, warns.next_due_at) == (None, warns.end_at)
    types = set(BidHistory.objects.values_list("type", flat=True))
    assert types == {"auction_started", "auction_ending_soon", "auction_ended"}


def test_the_longest_overdue_comes_first_and_no_more_than_asked(frozen_clock):
    now = frozen_clock()
    rows = [AuctionFactory(next_due_at=now - timedelta(seconds=age)) for age in (1, 3, 2)]

    assert due_auction_ids(now, 2) == [rows[1].pk, rows[2].pk]


def test_an_auction_that_cannot_be_closed_neither_stops_nor_spins(frozen_clock, caplog):
    now = frozen_clock()
    bad = AuctionFactory(end_at=now, next_due_at=now - timedelta(seconds=9))
    good = AuctionFactory(end_at=now, next_due_at=now)
    Auction.objects.filter(pk=bad.pk).update(increment_table="no_such_table")

    with caplog.at_level(logging.ERROR):
        assert close_due_auctions() == 2

    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.status, good.status) == ("active", "ended")
    assert f"auction {bad.pk}" in caplog.text
    assert bad.next_due_at == now + timedelta(seconds=services.RETRY_DUE_SECONDS)
    assert close_due_auctions() == 0


def test_a_due_row_at_which_there_is_nothing_to_do_does_not_spin(frozen_clock):
    row = AuctionFactory(next_due_at=frozen_clock())

    assert (close_due_auctions(), close_due_auctions()) == (1, 0)

    row.refresh_from_db()
    assert row.status == "active"
    desk.ask(row.pk, Tick())


def test_a_draft_can_be_read_as_a_state_without_times():
    auction = AuctionFactory(draft=True)

    state = state_of(auction)

    assert state.end_at - state.rules.start_at == timedelta(days=7)
    assert clock.now() >= state.rules.start_at
