"""The queue: what puts a case into it, what renews it, what staff do with it, on record."""

from datetime import timedelta

import pytest

from apps.auctions.models import Auction
from apps.backoffice.models import AuditEntry
from apps.backoffice.refusals import HouseReason, HouseRefused
from apps.bidding.desk import desk
from apps.core import clock
from apps.payments import sales, unpaid
from apps.risk import scanning
from apps.risk.case_services import DECISIONS, Finding, decide_case, put_before_people, set_deposit
from apps.risk.collecting import PUBLIC_MAIL, collect_keys, forget_networks, network_of
from apps.risk.keys import digest_of, note_key
from apps.risk.models import AccountKey, DepositNeed, RiskCase, ScoredAuction, ShillPair
from apps.risk.scoring import score_ended, site_prior
from apps.risk.tasks import forget_old_keys, look_for_risk
from apps.users.models import BusinessAccount, LoginSession, User
from domain.commands import EndAuction, PlaceBid, SetAutoBid
from domain.reasons import Reason, Refused
from domain.risk.links import KeyKind
from domain.risk.shill import EndedAuction, SeenBid, shill_scores
from tests.cast import sign_in
from tests.factories import AuctionFactory, BidFactory, CategoryFactory, UserFactory

pytestmark = pytest.mark.django_db

DAY = 24 * 3600


def bid(auction, user, amount):
    return desk.ask(auction.pk, PlaceBid(actor_id=user.pk, amount_minor=amount * 100))


def refused_with(reason):
    return pytest.raises(HouseRefused, check=lambda error: error.reason is reason)


@pytest.fixture
def shilled(cast, frozen_clock):
    """Return a function: the seller's second account drives the price, the first bidder wins."""

    def run(times):
        for _ in range(times):
            auction = AuctionFactory(seller=cast.seller)
            for step in range(5):
                bid(auction, cast.bidder1, 110 + 50 * step)
                frozen_clock.advance(3600)
                bid(auction, cast.stranger, 120 + 50 * step)
                frozen_clock.advance(30)
            bid(auction, cast.bidder1, 900)
            frozen_clock.advance(3600)
            desk.ask(auction.pk, EndAuction(actor_id=cast.seller.pk))

    return run


# -- scores -------------------------------------------------------------------------------------


def shills():
    return RiskCase.objects.filter(kind="shill")


def crowd_of_losers(seller):
    """Others who have lost once each, so that the site's mean is an honest one."""
    for _ in range(4):
        auction = AuctionFactory(seller=seller)
        for number in range(4):
            bid(auction, UserFactory(), 110 + 20 * number)
        desk.ask(auction.pk, EndAuction(actor_id=seller.pk))


def test_who_drives_a_seller_s_prices_is_put_before_people(cast, shilled, frozen_clock):
    crowd_of_losers(UserFactory())
    shilled(8)

    while Auction.objects.filter(status="ended", scoredauction=None).exists():
        score_ended(frozen_clock.instant)

    case = shills().get()
    assert (case.user, case.seller, case.state) == (cast.stranger, cast.seller, "open")
    assert case.score >= 7
    assert case.facts["lost_count"] == case.facts["listed_count"] == 8


def test_stored_scores_are_those_of_the_domain(cast, shilled, frozen_clock):
    shilled(3)
    score_ended(frozen_clock.instant)

    auctions = [
        EndedAuction(
            auction.pk,
            auction.seller_id,
            auction.winner_id,
            [
                SeenBid(row.bidder_id, row.amount_minor, row.placed_at)
                for row in auction.bids.order_by("seq")
            ],
        )
        for auction in Auction.objects.all()
    ]
    expected = {score.bidder_id: score for score in shill_scores(auctions)}
    stored = {pair.bidder_id: pair for pair in ShillPair.objects.all()}
    assert stored.keys() == expected.keys()
    for bidder_id, pair in stored.items():
        assert pair.score == pytest.approx(expected[bidder_id].value, abs=1e-9)
        assert pair.ratings == pytest.approx(dict(expected[bidder_id].ratings), abs=1e-9)
    assert site_prior().score == pytest.approx(sum(p.score for p in stored.values()) / len(stored))


def test_each_auction_is_scored_once_and_a_new_one_renews_its_seller(cast, shilled, frozen_clock):
    shilled(2)
    score_ended(frozen_clock.instant)
    before = ShillPair.objects.get(bidder=cast.stranger).scored_at
    frozen_clock.advance(60)

    score_ended(frozen_clock.instant)
    assert ShillPair.objects.get(bidder=cast.stranger).scored_at == before

    shilled(1)
    score_ended(frozen_clock.instant)
    pair = ShillPair.objects.get(bidder=cast.stranger)
    assert (pair.lost_count, pair.listed_count) == (3, 3)
    assert ScoredAuction.objects.count() == 3


def test_offers_and_running_auctions_are_not_scored(cast, frozen_clock):
    offers = AuctionFactory(seller=cast.seller, seller_choice=True)
    bid(offers, cast.bidder1, 200)
    desk.ask(offers.pk, EndAuction(actor_id=cast.seller.pk))
    bid(AuctionFactory(seller=cast.seller), cast.bidder1, 200)

    assert score_ended(frozen_clock.instant) == 0
    assert not ShillPair.objects.exists()


# -- velocity -----------------------------------------------------------------------------------


def found(kind):
    scanning.look_for_patterns(clock.now())
    return RiskCase.objects.filter(kind=kind)


def old(user):
    User.objects.filter(pk=user.pk).update(date_joined=clock.now() - timedelta(days=400))


def test_eleven_bids_within_a_minute_are_a_case_and_all_of_them_stand(cast, frozen_clock):
    old(cast.bidder1)
    auction = AuctionFactory(seller=cast.seller)
    for number in range(10):
        bid(auction, cast.bidder1, 110 + 10 * number)
        frozen_clock.advance(5)
    assert not found("bids_on_one_auction").exists()

    bid(auction, cast.bidder1, 300)

    case = found("bids_on_one_auction").get()
    assert (case.user, case.auction, case.facts["count"]) == (cast.bidder1, auction, 11)
    auction.refresh_from_db()
    assert (auction.total_bids, auction.leader) == (11, cast.bidder1)


def test_answers_of_a_maximum_are_nobody_s_haste(cast, frozen_clock):
    auction = AuctionFactory(seller=cast.seller)
    desk.ask(auction.pk, SetAutoBid(actor_id=cast.bidder2.pk, max_minor=9_000_00))
    for number in range(12):
        bid(auction, cast.bidder1, 150 + 50 * number)

    cases = found("bids_on_one_auction")

    assert [case.user for case in cases] == [cast.bidder1]


@pytest.mark.parametrize(("is_old", "expected"), [(False, 1), (True, 0)])
def test_sixty_one_bids_within_an_hour_are_much_for_a_new_account(cast, is_old, expected):
    if is_old:
        old(cast.bidder1)
    now = clock.now()
    for number in range(61):
        auction = AuctionFactory(seller=cast.seller) if number % 6 == 0 else auction  # noqa: F821
        at = now - timedelta(seconds=50 * number)
        BidFactory(auction=auction, bidder=cast.bidder1, placed_at=at, seq=number + 1)

    assert found("bids_of_new_account").count() == expected


def test_bid_far_beyond_the_category_by_a_new_account_is_a_case(cast):
    clocks = CategoryFactory()
    for price in (100, 110, 120, 130, 140):
        AuctionFactory(
            seller=cast.seller, ended=True, sold=True, final_minor=price * 100, category=clocks,
            ended_at=clock.now(), winner=cast.bidder2,
        )  # fmt: skip
    old(cast.bidder2)
    auction = AuctionFactory(seller=cast.seller, category=clocks)
    bid(auction, cast.bidder2, 1_300)
    bid(auction, cast.bidder1, 1_400)

    case = found("outlier_bid").get()

    assert (case.user, case.facts["median_minor"]) == (cast.bidder1, 120_00)


def test_four_new_accounts_from_one_network_in_a_day_are_a_case(cast):
    User.objects.update(date_joined=clock.now() - timedelta(days=30))
    for number, address in enumerate(("203.0.113.7", "203.0.113.8", "203.0.113.7", "203.0.113.99")):
        assert not found("new_accounts").exists()
        user = UserFactory(date_joined=clock.now() - timedelta(hours=number))
        sign_in(user)
        LoginSession.objects.filter(user=user).update(ip_address=address)

    case = found("new_accounts").get()

    assert len(case.facts["user_ids"]) == 4
    assert case.facts["count"] == 4


def test_hard_link_between_a_bidder_and_his_seller_is_a_case(cast):
    auction = AuctionFactory(seller=cast.seller)
    bid(auction, cast.bidder1, 200)
    for user in (cast.seller, cast.bidder1, cast.bidder2):
        note_key(user.pk, KeyKind.PAYER, "fp", at=clock.now())

    case = found("hard_link").get()

    assert (case.user, case.seller, case.facts["by"]) == (cast.bidder1, cast.seller, "payer")


def test_soft_links_open_no_case(cast):
    bid(AuctionFactory(seller=cast.seller), cast.bidder1, 200)
    for user in (cast.seller, cast.bidder1):
        note_key(user.pk, KeyKind.ADDRESS, "1 High Street", at=clock.now())

    scanning.look_for_patterns(clock.now())

    assert not RiskCase.objects.exists()


def test_unpaid_wins_are_a_case(cast, frozen_clock):
    for _ in range(2):
        auction = AuctionFactory(seller=cast.seller)
        bid(auction, cast.bidder1, 200)
        desk.ask(auction.pk, EndAuction(actor_id=cast.seller.pk))
        sales.open_sales()
        unpaid.look_after_unpaid(frozen_clock.advance(3 * DAY), 100)

    case = found("unpaid_wins").get()

    assert (case.user, case.facts["count"]) == (cast.bidder1, 2)


# -- opening, renewing, deciding ----------------------------------------------------------------


def finding(user, at, **more):
    kind = RiskCase.Kind.SHILL
    return Finding(kind=kind, user_id=user.pk, subject="seller:1", evidence_at=at, **more)


def test_a_case_is_opened_once_renewed_by_more_and_not_opened_again_by_the_same(cast):
    now = clock.now()
    assert put_before_people(finding(cast.bidder1, now, score=7.1), at=now)
    assert not put_before_people(finding(cast.bidder1, now, score=7.1), at=now)
    assert put_before_people(finding(cast.bidder1, now, score=8.0), at=now)
    case = RiskCase.objects.get()
    assert case.score == 8.0

    decide_case(case.pk, actor_id=cast.staff.pk, decision="dismiss", note="A collector")
    assert not put_before_people(finding(cast.bidder1, now, score=9.0), at=now)

    later = clock.now() + timedelta(seconds=1)
    assert put_before_people(finding(cast.bidder1, later, score=9.0), at=later)
    assert sorted(RiskCase.objects.values_list("state", flat=True)) == ["dismissed", "open"]


@pytest.fixture
def case(cast):
    now = clock.now()
    put_before_people(finding(cast.bidder1, now, score=8.0, seller_id=cast.seller.pk), at=now)
    return RiskCase.objects.get()


@pytest.mark.parametrize("decision", DECISIONS)
def test_each_decision_leaves_its_state_and_one_row_of_audit(cast, case, decision):
    decide_case(case.pk, actor_id=cast.staff.pk, decision=decision, note="Seen")

    case.refresh_from_db()
    assert (case.state, case.decided_by, case.note) == (DECISIONS[decision], cast.staff, "Seen")
    row = AuditEntry.objects.get()
    assert (row.act, row.target_kind, row.target_id) == ("risk.decide", "risk", case.pk)
    assert (row.before["state"], row.after["state"]) == ("open", case.state)
    assert DepositNeed.objects.exists() is (decision == "require_deposit")


def test_a_deposit_asked_for_refuses_bids_until_it_is_lifted(cast, case):
    auction = AuctionFactory(seller=cast.seller)
    decide_case(case.pk, actor_id=cast.staff.pk, decision="require_deposit", note="")
    with pytest.raises(Refused, check=lambda e: e.refusal.reason is Reason.DEPOSIT_NEEDED):
        bid(auction, cast.bidder1, 200)

    set_deposit(cast.bidder1.pk, actor_id=cast.staff.pk, needed=False, reason="It is there")

    assert bid(auction, cast.bidder1, 200).bid.amount_minor == 200_00
    acts = AuditEntry.objects.order_by("pk").values_list("act", "after__deposit_needed")
    assert list(acts) == [("risk.decide", None), ("user.deposit", False)]


def test_a_watched_case_can_be_decided_and_a_decided_one_cannot(cast, case):
    decide_case(case.pk, actor_id=cast.staff.pk, decision="watch", note="")
    decide_case(case.pk, actor_id=cast.staff.pk, decision="dismiss", note="")

    with refused_with(HouseReason.CASE_DECIDED):
        decide_case(case.pk, actor_id=cast.staff.pk, decision="watch", note="")
    with refused_with(HouseReason.NO_CASE):
        decide_case(case.pk + 1, actor_id=cast.staff.pk, decision="watch", note="")


@pytest.mark.parametrize("whose", ["bidder1", "seller"])
def test_staff_decide_nothing_about_themselves(cast, case, whose):
    with refused_with(HouseReason.OWN_CASE):
        decide_case(case.pk, actor_id=getattr(cast, whose).pk, decision="dismiss", note="")

    assert not AuditEntry.objects.exists()


def test_a_moderator_asks_no_deposit_of_staff(cast):
    moderator = UserFactory(is_staff=True, duty="moderator")
    now = clock.now()
    put_before_people(finding(cast.staff, now, score=8.0), at=now)
    case = RiskCase.objects.get()

    with refused_with(HouseReason.NO_RIGHT):
        decide_case(case.pk, actor_id=moderator.pk, decision="require_deposit", note="")
    with refused_with(HouseReason.NO_RIGHT):
        set_deposit(cast.staff.pk, actor_id=moderator.pk, needed=True, reason="")

    case.refresh_from_db()
    assert (case.state, DepositNeed.objects.count()) == ("open", 0)


def test_deposit_that_is_so_already_leaves_no_row(cast):
    def say(needed):
        return set_deposit(cast.bidder1.pk, actor_id=cast.staff.pk, needed=needed, reason="r")

    assert [say(False), say(True), say(True), say(False), say(False)] == [
        False, True, False, True, False,
    ]  # fmt: skip
    assert AuditEntry.objects.count() == 2
    with refused_with(HouseReason.NOT_YOURSELF):
        set_deposit(cast.staff.pk, actor_id=cast.staff.pk, needed=False, reason="")
    with refused_with(HouseReason.NO_USER):
        set_deposit(999_999, actor_id=cast.staff.pk, needed=True, reason="")


# -- keys ---------------------------------------------------------------------------------------


def log_in(user, address, agent, at):
    sign_in(user)
    LoginSession.objects.filter(user=user).update(
        ip_address=address, user_agent=agent, created_at=at
    )


def test_logins_leave_soft_keys_once(cast):
    now = clock.now()
    BusinessAccount.objects.create(
        user=cast.bidder1, company_name="King", address="1  High Street\nTown"
    )
    User.objects.filter(pk=cast.bidder1.pk).update(email="b@small.example")
    User.objects.filter(pk=cast.bidder2.pk).update(email=f"b@{sorted(PUBLIC_MAIL)[0]}")
    log_in(cast.bidder1, "203.0.113.7", "Browser 1", now)
    log_in(cast.bidder2, "203.0.113.200", "Browser 1", now)
    for _ in range(2):
        collect_keys(now)

    network = digest_of(KeyKind.NETWORK, "203.0.113.0/24|Browser 1")
    both = AccountKey.objects.filter(kind=KeyKind.NETWORK, digest=network)
    assert {key.user for key in both} == {cast.bidder1, cast.bidder2}
    assert both.count() == 2
    address = AccountKey.objects.get(kind=KeyKind.ADDRESS)
    assert address.digest == digest_of(KeyKind.ADDRESS, "1 high street town")
    domain = AccountKey.objects.get(kind=KeyKind.MAIL_DOMAIN)
    assert (domain.user, domain.digest) == (
        cast.bidder1,
        digest_of(KeyKind.MAIL_DOMAIN, "small.example"),
    )


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:12:3456::1", "2001:db8:12:3400::/56"),
        (None, ""),
    ],
)
def test_network_is_that_of_a_household(address, network):
    assert network_of(address) == network


def test_networks_are_forgotten_and_hard_keys_are_not(cast):
    long_ago = clock.now() - timedelta(days=91)
    for kind in (KeyKind.NETWORK, KeyKind.PAYER):
        note_key(cast.bidder1.pk, kind, "k", at=long_ago)

    assert forget_networks(clock.now()) == 1
    assert AccountKey.objects.get().kind == KeyKind.PAYER


def test_chores_do_all_of_it_and_nothing_twice(cast):
    auction = AuctionFactory(seller=cast.seller)
    for number in range(11):
        bid(auction, cast.bidder1, 110 + 10 * number)

    assert [look_for_risk(), look_for_risk(), forget_old_keys()] == [1, 0, 0]
