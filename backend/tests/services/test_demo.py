"""The demo market: loaded once for the whole file, since its pictures take seconds."""

import http.server
import json
import threading
from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from django.contrib.auth.hashers import check_password
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import override_settings
from PIL import Image

from apps.auctions.models import Auction, AuctionImage, Category, Watchlist
from apps.bidding.models import Bid, BidHistory
from apps.bidding.verify import verify_auction
from apps.core import clock
from apps.users.models import LoginSession, User
from config.demo.data import ACCOUNTS, FRESH, ITEMS, PEOPLE, SHELVES
from config.demo.doors import DeskDoor, HttpDoor, NotNow
from config.demo.live import Market, Step, run_live
from config.demo.load import PASSWORD, load_demo
from config.demo.pictures import DRAWINGS
from domain.auction import Status

NAMED = {person.username for person in ACCOUNTS}
TABLES = (User, Category, Auction, AuctionImage, Bid, BidHistory, Watchlist)


@pytest.fixture(scope="module")
def media(tmp_path_factory):
    """Where this file's pictures are: the usual folder is emptied after each test."""
    return tmp_path_factory.mktemp("demo-media")


@pytest.fixture(scope="module")
def market(django_db_setup, django_db_blocker, media):
    """The market as loaded; the tests below share it, and it is gone after them."""
    with django_db_blocker.unblock(), override_settings(DEMO=True, MEDIA_ROOT=media):
        heard = []
        summary = load_demo(lambda done, total, what="": heard.append((done, total)))
        yield summary, heard
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def demo(market, db):
    """The summary of the load; whatever a test does to the market is undone."""
    return market[0]


def rows():
    return {table.__name__: table.objects.count() for table in TABLES}


# -- loading ------------------------------------------------------------------------------------


def test_market_holds_listings_in_every_state(demo):
    by_state = Counter(
        (auction.closing, auction.status, auction.sold) for auction in Auction.objects.all()
    )

    assert sum(by_state.values()) == len(ITEMS)
    assert by_state["timed", "draft", False] == 2
    assert by_state["timed", "scheduled", False] == 4
    assert by_state["timed", "active", False] >= 20
    assert by_state["timed", "ended", True] == 7
    assert by_state["timed", "ended", False] == 3
    assert by_state["timed", "cancelled", False] == 2
    assert by_state["seller_choice", "active", False] == 4
    assert by_state["seller_choice", "ended", True] == 1
    assert by_state["seller_choice", "ended", False] == 1


def test_summary_says_what_the_tables_hold(demo):
    assert demo.people == len(ACCOUNTS) + len(PEOPLE)
    assert demo.auctions_added == len(ITEMS)
    assert (demo.bids, demo.pictures) == (Bid.objects.count(), AuctionImage.objects.count())


def test_progress_counts_up_to_the_total(market):
    _, heard = market

    total = heard[0][1]
    assert [done for done, _ in heard] == list(range(1, total + 1))
    assert {said for _, said in heard} == {total}


def test_every_history_replays_to_its_rows(demo):
    found = [
        sentence
        for pk in Auction.objects.values_list("pk", flat=True)
        for sentence in verify_auction(pk)
    ]

    assert found == []


def test_no_history_is_ahead_of_the_clock_or_behind_itself(demo):
    now = clock.now()
    for auction in Auction.objects.all():
        instants = list(auction.history.order_by("number").values_list("at", flat=True))
        assert instants == sorted(instants), auction.title
        assert all(instant <= now for instant in instants), auction.title


def test_several_auctions_end_within_minutes_and_some_within_days(demo):
    now = clock.now()
    left = [a.end_at - now for a in Auction.objects.filter(status=Status.ACTIVE, closing="timed")]

    assert sum(time < timedelta(minutes=10) for time in left) >= 5
    assert sum(timedelta(hours=1) < time < timedelta(days=1) for time in left) >= 5
    assert sum(time > timedelta(days=1) for time in left) >= 5


def test_offers_are_in_force_lapsed_or_taken(demo):
    offers = {a.title: a for a in Auction.objects.filter(closing="seller_choice")}

    all_lapsed = [a for a in offers.values() if a.total_bids and a.price_minor is None]
    assert len(all_lapsed) == 1
    below_best = [
        a
        for a in offers.values()
        if a.price_minor and a.bids.filter(amount_minor__gt=a.price_minor).exists()
    ]
    assert len(below_best) == 2  # a higher one has lapsed; the seller took a lower one
    assert sum(a.sold for a in offers.values()) == 1


def test_old_and_fine_things_cost_a_premium_and_all_of_it_is_shown(demo, api):
    shown = {}
    for slug in ("art", "music"):
        page = api().get(f"/api/auctions/?category={slug}&status=active&ordering=id").json()
        shown[slug] = page["results"]

    assert len(shown["art"]) >= 1
    assert len(shown["music"]) >= 1
    for row in shown["art"]:
        assert row["buyers_premium"][0] == {"from": 0, "rate_percent": 12}
        assert row["all_in_price"] > row["min_next_bid"]
    for row in shown["music"]:
        assert (row["buyers_premium"], row["tax"]) == ([], None)
        assert row["all_in_price"] == row["min_next_bid"]


def test_reserves_are_met_and_missed(demo):
    ended = Auction.objects.filter(status=Status.ENDED, reserve_minor__isnull=False)

    assert {(a.reserve_met, a.sold) for a in ended} == {(True, True), (False, False)}


def test_no_two_listings_share_a_title_or_a_description(demo):
    texts = list(Auction.objects.values_list("title", "description"))

    assert len({title for title, _ in texts}) == len({text for _, text in texts}) == len(texts)
    assert all(text.count(". ") >= 1 for _, text in texts)


def test_categories_form_a_tree_of_two_levels(demo):
    assert Category.objects.filter(parent=None).count() == len(SHELVES) >= 12
    assert not Category.objects.filter(parent__parent__isnull=False).exists()
    used = Auction.objects.values_list("category__slug", flat=True)
    assert {slug for shelf in SHELVES for slug, _ in shelf.children} == set(used)


def test_only_the_four_accounts_have_a_password(demo):
    for user in User.objects.all():
        assert user.has_usable_password() is (user.username in NAMED)
        assert user.is_staff is (user.username == "staff")
        assert user.profile.bio
        assert default_storage.exists(user.profile.avatar)
    assert check_password(PASSWORD, User.objects.get(username="bidder1").password)


def test_named_bidders_lead_trail_and_have_won(demo):
    for name in ("bidder1", "bidder2"):
        user = User.objects.get(username=name)
        live = Auction.objects.filter(bids__bidder=user, status=Status.ACTIVE).distinct()
        assert live.filter(leader=user).exists()
        assert live.exclude(leader=user).exists()
        assert Auction.objects.filter(winner=user).exists()
        assert user.watchlist.exists()


def test_pictures_are_files_like_uploaded_ones(demo):
    wanted = {item.title: item.pictures for item in ITEMS}
    for auction in Auction.objects.prefetch_related("images"):
        images = list(auction.images.all())
        assert len(images) == wanted[auction.title]
        for image in images:
            assert image.image.startswith("product_images/")
            sizes = []
            for path in (image.image, image.thumbnail):
                with default_storage.open(path) as file, Image.open(file) as picture:
                    assert picture.format == "WEBP"
                    sizes.append(picture.size)
            assert sizes == [(1200, 900), (400, 300)]


def test_second_load_changes_nothing(demo, media):
    before = rows(), {path.name for path in media.rglob("*.webp")}

    again = load_demo()

    assert (rows(), {path.name for path in media.rglob("*.webp")}) == before
    assert (again.auctions_added, again.pictures_added) == (0, 0)


def test_interrupted_load_is_finished_by_the_next(demo):
    auction = Auction.objects.get(title=ITEMS[5].title)
    before = rows()
    AuctionImage.objects.filter(auction=auction).delete()

    again = load_demo()

    assert again.pictures_added == ITEMS[5].pictures
    assert rows() == before


def test_demo_refuses_where_it_is_off(db, settings):
    settings.DEMO = False
    with pytest.raises(RuntimeError, match="DEMO"):
        load_demo()
    with pytest.raises(RuntimeError, match="DEMO"):
        run_live()
    with pytest.raises(RuntimeError, match="DEMO"), clock.pretend(clock.now()):
        pass


def test_clock_pretends_the_past_only_and_only_inside(settings):
    settings.DEMO = True
    past = clock.now() - timedelta(days=3)

    with clock.pretend(past):
        assert clock.now() == clock.database_now() == past

    assert clock.now() > past
    with pytest.raises(ValueError, match="past"), clock.pretend(clock.now() + timedelta(hours=1)):
        pass


def test_every_text_has_a_picture_and_a_shelf():
    slugs = {slug for shelf in SHELVES for slug, _ in shelf.children}
    for thing in (*ITEMS, *FRESH):
        assert thing.kind in DRAWINGS
        assert thing.category in slugs


# -- living -------------------------------------------------------------------------------------


@pytest.fixture
def live(demo):
    return Market(DeskDoor(), Random(7))


def test_live_bidders_have_bids_accepted(live):
    bids = Bid.objects.count()

    steps = Counter(live.step() for _ in range(30))

    assert steps[Step.BID] >= 10
    assert Bid.objects.count() >= bids + 10


def test_live_bidders_never_act_as_the_named_accounts(live):
    last = BidHistory.objects.order_by("-pk").values_list("pk", flat=True).first()

    for _ in range(30):
        live.step()

    manual = BidHistory.objects.filter(pk__gt=last, type="bid_placed")
    actors = set(manual.values_list("bidder__username", flat=True))
    assert actors
    assert not actors & NAMED


def test_live_market_lists_new_auctions_when_few_end_soon(live):
    soon = clock.now() + timedelta(minutes=15)
    Auction.objects.filter(status=Status.ACTIVE, end_at__lt=soon).update(
        end_at=soon + timedelta(hours=3)
    )

    steps = [live.step() for _ in range(5)]

    assert steps == [Step.LISTED] * 5
    fresh = Auction.objects.order_by("-pk")[:5]
    assert all(a.status == Status.ACTIVE and a.images.count() == 2 for a in fresh)
    assert len({a.title for a in fresh}) == 5
    assert not {a.seller.username for a in fresh.select_related("seller")} & NAMED
    assert [verify_auction(a.pk) for a in fresh] == [[]] * 5


def test_live_bidder_stops_at_what_a_thing_is_worth_to_him(live):
    auction = Auction.objects.filter(status=Status.ACTIVE, closing="timed").first()
    live.step()
    value = live.value_minor(auction, live.crowd[0])

    auction.price_minor = value * 3

    assert live.value_minor(auction, live.crowd[0]) == value


def test_live_bidders_survive_a_refusal(live):
    class ShutDoor(DeskDoor):
        def place(self, bid):
            raise NotNow("too late")

    live.door = ShutDoor()

    assert Step.REFUSED in {live.step() for _ in range(10)}


def test_run_live_goes_on_after_trouble_and_stops_when_told(demo, monkeypatch):
    stop = threading.Event()
    tries = []

    class Trouble(DeskDoor):
        def place(self, bid):
            tries.append(bid)
            if len(tries) == 3:
                stop.set()
            raise OSError("nobody answers")

    monkeypatch.setattr("config.demo.live.REST_SECONDS", 0.001)
    # The test's transaction lives on this thread's connection.
    monkeypatch.setattr("config.demo.live.close_old_connections", lambda: None)
    run_live(rate_per_second=1000, stop=stop, door=Trouble())

    assert len(tries) == 3


# -- the HTTP door ------------------------------------------------------------------------------


class Recorder(http.server.BaseHTTPRequestHandler):
    """A server that takes what the door sends and answers as told."""

    protocol_version = "HTTP/1.1"
    answer = (201, {"id": 1})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.heard.append((self.path, self.headers["Authorization"], body))
        status, reply = self.answer
        content = json.dumps(reply).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def server():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Recorder) as listening:
        listening.heard = []
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield listening
        listening.shutdown()


def test_http_door_bids_with_a_session_of_its_own_and_ends_it(demo, server):
    door = HttpDoor("127.0.0.1", server.server_port)

    steps = Counter(Market(door, Random(3)).step() for _ in range(15))

    assert steps[Step.BID] == len(server.heard) > 0
    paths = {path for path, _, _ in server.heard}
    assert "/api/bids/" in paths
    assert LoginSession.objects.filter(revoked_at=None).exists()
    door.close()
    assert not LoginSession.objects.filter(revoked_at=None).exists()


def test_http_door_takes_an_error_for_a_refusal(demo, server, monkeypatch):
    monkeypatch.setattr(Recorder, "answer", (400, {"error": "Bid too low"}))
    door = HttpDoor("127.0.0.1", server.server_port)

    steps = {Market(door, Random(3)).step() for _ in range(3)}

    assert steps == {Step.REFUSED}


def test_http_door_says_when_nobody_answers(demo, server):
    door = HttpDoor("127.0.0.1", 9)  # the discard port: nobody listens

    with pytest.raises(OSError, match="does not answer"):
        Market(door, Random(3)).step()
