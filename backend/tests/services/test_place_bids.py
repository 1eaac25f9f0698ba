"""The bid service through the desk: rows, history, outcomes; one transaction for a batch."""

from concurrent.futures import Future
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.auctions.models import Auction
from apps.bidding.desk import BidDesk, _Waiting, desk
from apps.bidding.models import AutoBidRule, Bid, BidHistory
from apps.bidding.selectors import room_frames
from apps.bidding.services import Accepted, place_bids
from apps.bidding.verify import verify_auction
from domain.commands import (
    BuyNow,
    CancelAutoBid,
    CancelBids,
    Command,
    PlaceBid,
    RetractBids,
    SellToBid,
    SetAutoBid,
    Tick,
)
from domain.reasons import Reason, Refused
from tests.cast import sign_in
from tests.factories import AuctionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def auction(cast):
    return AuctionFactory(seller=cast.seller)


def bid(user, amount, **more):
    return PlaceBid(actor_id=user.pk, amount_minor=amount, **more)


def outcomes(auction_id, *commands):
    return [outcome for batch in place_bids(auction_id, commands) for outcome in batch.outcomes]


def refused_with(reason):
    return pytest.raises(Refused, check=lambda error: error.refusal.reason is reason)


def test_accepted_bid_leaves_a_row_a_history_and_a_leader(cast, auction):
    accepted = desk.ask(auction.pk, bid(cast.bidder1, 120_00))

    auction.refresh_from_db()
    assert (auction.leader, auction.price_minor, auction.total_bids) == (cast.bidder1, 120_00, 1)
    assert auction.seq == accepted.state.seq == 1
    stored = Bid.objects.get()
    assert (stored.pk, stored.amount_minor, stored.seq) == (accepted.bid.id, 120_00, 1)
    row = BidHistory.objects.get()
    assert (row.number, row.seq, row.type, row.bidder) == (1, 1, "bid_placed", cast.bidder1)
    assert b'"amount":120,' in bytes(row.frame)


def test_auto_bids_contest_and_the_history_stays_gapless(cast, auction):
    desk.ask(auction.pk, SetAutoBid(actor_id=cast.bidder1.pk, max_minor=300_00))
    desk.ask(auction.pk, SetAutoBid(actor_id=cast.bidder2.pk, max_minor=250_00))
    desk.ask(auction.pk, SetAutoBid(actor_id=cast.bidder1.pk, max_minor=900_00))

    auction.refresh_from_db()
    assert (auction.leader, auction.price_minor) == (cast.bidder1, 255_00)
    numbers = list(BidHistory.objects.order_by("number").values_list("number", "seq"))
    assert numbers == [(1, 1), (2, 2), (3, 3), (4, None)]
    assert verify_auction(auction.pk) == []


def test_no_frame_holds_a_maximum(cast, auction):
    desk.ask(auction.pk, SetAutoBid(actor_id=cast.bidder1.pk, max_minor=777_77))
    desk.ask(auction.pk, bid(cast.bidder2, 200_00))

    frames = b"".join(bytes(row.frame) for row in BidHistory.objects.all())
    assert b"777.77" not in frames
    assert b"77777" not in frames


def test_frames_read_again_tell_the_outbid_bidder_too(cast, auction):
    desk.ask(auction.pk, bid(cast.bidder1, 200_00))
    desk.ask(auction.pk, bid(cast.bidder2, 300_00))

    frames = room_frames(auction.pk, 1, 10)

    assert [(frame.seq, frame.user_id) for frame in frames] == [(2, None), (2, cast.bidder1.pk)]
    assert b'"type":"user_outbid"' in frames[1].data
    assert b'"new_bid":300,' in frames[1].data


def test_batch_takes_as_many_statements_as_one_bid(cast, auction):
    crowd = [UserFactory() for _ in range(40)]

    def statements(commands):
        with CaptureQueriesContext(connection) as captured:
            assert all(isinstance(item, Accepted) for item in outcomes(auction.pk, *commands))
        return len(captured)

    one = statements([bid(crowd[0], 200_00)])
    many = statements([bid(user, 300_00 + 10_00 * i) for i, user in enumerate(crowd)])

    assert many == one


def test_batch_keeps_arrival_order(cast, auction):
    first, second, third = outcomes(
        auction.pk,
        bid(cast.bidder1, 500_00),
        bid(cast.bidder2, 200_00),
        bid(cast.bidder2, 600_00),
    )

    assert first.bid.amount_minor == 500_00
    assert second.refusal.reason is Reason.BELOW_MINIMUM
    assert third.bid.seq == 2


def test_command_the_engine_stumbles_over_takes_no_other_with_it(cast, auction):
    class Nonsense(Command):
        """No command at all."""

    good, bad, also_good = outcomes(
        auction.pk,
        bid(cast.bidder1, 200_00),
        Nonsense(actor_id=cast.bidder1.pk),
        bid(cast.bidder2, 300_00),
    )

    assert isinstance(good, Accepted)
    assert isinstance(bad, KeyError)
    assert isinstance(also_good, Accepted)
    assert Bid.objects.count() == 2


def test_failing_transaction_is_retried_bid_by_bid(cast, auction):
    calls = []

    def run(auction_id, commands):
        calls.append(len(commands))
        if len(commands) > 1:
            raise RuntimeError("the whole batch fails")
        yield from place_bids(auction_id, commands)

    own_desk = BidDesk(run=run)
    own_desk._serve(
        auction.pk,
        waiting := [
            _Waiting(bid(cast.bidder1, 200_00), Future()),
            _Waiting(bid(cast.bidder2, 300_00), Future()),
        ],
    )

    assert calls == [2, 1, 1]
    assert [item.future.result().bid.seq for item in waiting] == [1, 2]


def test_repeated_request_key_gives_the_first_outcome(cast, auction):
    first = desk.ask(auction.pk, bid(cast.bidder1, 200_00, request_key="k1"))
    desk.ask(auction.pk, bid(cast.bidder2, 300_00))
    again = desk.ask(auction.pk, bid(cast.bidder1, 200_00, request_key="k1"))

    assert again.bid == first.bid
    assert again.repeated
    assert Bid.objects.count() == 2


def test_repeated_request_key_in_one_batch_makes_one_bid(cast, auction):
    first, again = outcomes(
        auction.pk,
        bid(cast.bidder1, 200_00, request_key="k1"),
        bid(cast.bidder1, 200_00, request_key="k1"),
    )

    assert first.bid == again.bid
    assert Bid.objects.count() == 1


def test_request_key_of_another_bid_is_refused(cast, auction):
    desk.ask(auction.pk, bid(cast.bidder1, 200_00, request_key="k1"))

    with refused_with(Reason.IDEMPOTENCY_KEY_REUSED):
        desk.ask(auction.pk, bid(cast.bidder1, 300_00, request_key="k1"))
    assert Bid.objects.count() == 1


def test_repeated_key_of_an_auto_bid_is_no_unchanged_maximum(cast, auction):
    command = SetAutoBid(actor_id=cast.bidder1.pk, max_minor=500_00, request_key="k1")
    first = desk.ask(auction.pk, command)
    again = desk.ask(auction.pk, command)

    assert (again.rule_id, again.max_minor) == (first.rule_id, 500_00)
    assert AutoBidRule.objects.count() == 1


def test_same_key_of_two_bidders_makes_two_bids(cast, auction):
    desk.ask(auction.pk, bid(cast.bidder1, 200_00, request_key="k1"))
    desk.ask(auction.pk, bid(cast.bidder2, 300_00, request_key="k1"))

    assert Bid.objects.count() == 2


def test_revoked_session_bids_nothing(cast, auction, frozen_clock):
    sign_in(cast.bidder1)
    session = cast.bidder1.login_sessions.get()
    session.revoked_at = frozen_clock.instant
    session.save()

    with refused_with(Reason.NOT_AUTHENTICATED):
        desk.ask(auction.pk, bid(cast.bidder1, 200_00, session_id=str(session.pk)))
    assert not Bid.objects.exists()


def test_auction_past_its_end_refuses_bids_though_no_closer_runs(cast, frozen_clock):
    auction = AuctionFactory(seller=cast.seller, end_at=frozen_clock.instant + timedelta(hours=1))
    desk.ask(auction.pk, bid(cast.bidder1, 200_00))
    frozen_clock.advance(3600)

    with refused_with(Reason.ENDED):
        desk.ask(auction.pk, bid(cast.bidder2, 900_00))

    auction.refresh_from_db()
    assert (auction.status, auction.winner, auction.sold) == ("ended", cast.bidder1, True)
    assert BidHistory.objects.filter(type="auction_ended").count() == 1
    assert verify_auction(auction.pk) == []


def test_closing_twice_closes_once(cast, frozen_clock):
    auction = AuctionFactory(seller=cast.seller, end_at=frozen_clock.instant + timedelta(hours=1))
    frozen_clock.advance(3601)
    desk.ask(auction.pk, Tick())
    desk.ask(auction.pk, Tick())

    assert [row.type for row in BidHistory.objects.all()] == ["auction_ended"]
    auction.refresh_from_db()
    assert auction.next_due_at is None


def test_cancelled_bids_are_void_and_the_rest_is_replayed(cast, auction):
    desk.ask(auction.pk, SetAutoBid(actor_id=cast.bidder1.pk, max_minor=300_00))
    desk.ask(auction.pk, SetAutoBid(actor_id=cast.bidder2.pk, max_minor=900_00))
    desk.ask(auction.pk, bid(cast.stranger, 500_00))
    desk.ask(auction.pk, CancelBids(actor_id=cast.seller.pk, bidder_id=cast.bidder2.pk))

    auction.refresh_from_db()
    assert (auction.leader, auction.price_minor) == (cast.stranger, 500_00)
    assert not AutoBidRule.objects.get(bidder=cast.bidder2).active
    assert not Bid.objects.filter(bidder=cast.bidder2, void=False).exists()
    with refused_with(Reason.BLOCKED):
        desk.ask(auction.pk, bid(cast.bidder2, 2000_00))
    assert verify_auction(auction.pk) == []


def test_retraction_after_auto_bid_cancel_and_raise_still_verifies(cast, auction, settings):
    settings.BIDDER_RETRACTION = "ebay"
    desk.ask(auction.pk, SetAutoBid(actor_id=cast.bidder1.pk, max_minor=300_00))
    desk.ask(auction.pk, SetAutoBid(actor_id=cast.bidder1.pk, max_minor=500_00))
    desk.ask(auction.pk, bid(cast.bidder2, 200_00))
    desk.ask(auction.pk, CancelAutoBid(actor_id=cast.bidder1.pk))
    desk.ask(auction.pk, bid(cast.bidder2, 250_00))
    desk.ask(auction.pk, RetractBids(actor_id=cast.bidder2.pk))

    auction.refresh_from_db()
    assert (auction.leader, auction.price_minor) == (cast.bidder1, 100_00)
    assert verify_auction(auction.pk) == []


def test_buy_now_ends_the_auction(cast):
    auction = AuctionFactory(seller=cast.seller, buy_now_minor=400_00)
    accepted = desk.ask(auction.pk, BuyNow(actor_id=cast.bidder1.pk))

    auction.refresh_from_db()
    assert accepted.bid.amount_minor == 400_00
    assert (auction.status, auction.winner, auction.final_minor) == ("ended", cast.bidder1, 400_00)
    assert verify_auction(auction.pk) == []


def test_seller_may_take_a_lower_offer(cast, frozen_clock):
    listing = AuctionFactory(seller=cast.seller, seller_choice=True)
    low = desk.ask(listing.pk, bid(cast.bidder1, 200_00))
    desk.ask(listing.pk, bid(cast.bidder2, 300_00))
    desk.ask(listing.pk, SellToBid(actor_id=cast.seller.pk, bid_id=low.bid.id))

    listing.refresh_from_db()
    assert (listing.sold, listing.winner, listing.final_minor) == (True, cast.bidder1, 200_00)
    assert listing.sold_bid_id == low.bid.id
    assert verify_auction(listing.pk) == []


def test_offer_that_lapses_hands_the_lead_back(cast, frozen_clock):
    now = frozen_clock.instant
    listing = AuctionFactory(seller=cast.seller, seller_choice=True)
    desk.ask(listing.pk, bid(cast.bidder1, 200_00))
    desk.ask(
        listing.pk,
        bid(cast.bidder2, 300_00, valid_from=now, valid_until=now + timedelta(hours=1)),
    )
    listing.refresh_from_db()
    assert listing.next_due_at == now + timedelta(hours=1, microseconds=1)
    frozen_clock.advance(3601)
    desk.ask(listing.pk, Tick())

    listing.refresh_from_db()
    assert (listing.leader, listing.price_minor) == (cast.bidder1, 200_00)
    assert BidHistory.objects.order_by("number").last().type == "price_changed"
    assert verify_auction(listing.pk) == []


TAMPERINGS = {
    "price": lambda auction: Auction.objects.update(price_minor=1_00),
    "winner": lambda auction: Auction.objects.update(total_bids=99),
    "a bid's amount": lambda auction: Bid.objects.update(amount_minor=1),
    "a bid gone": lambda auction: Bid.objects.order_by("id").first().delete(),
    "a history frame": lambda auction: BidHistory.objects.filter(number=2).update(frame=b"{}"),
    "a history action": lambda auction: BidHistory.objects.filter(number=2).update(
        action=bytes(BidHistory.objects.get(number=2).action).replace(b"30000", b"30001")
    ),
    "a history row gone": lambda auction: BidHistory.objects.filter(number=1).delete(),
    "the last history row gone": lambda auction: (
        BidHistory.objects.order_by("number").last().delete()
    ),
    "the hash of the row": lambda auction: Auction.objects.update(log_hash=bytes(32)),
    "a maximum raised": lambda auction: Auction.objects.update(leader_cap_minor=10**9),
}


@pytest.mark.parametrize("tamper", TAMPERINGS.values(), ids=TAMPERINGS)
def test_verify_tells_what_was_altered_by_hand(cast, auction, tamper):
    desk.ask(auction.pk, bid(cast.bidder1, 200_00))
    desk.ask(auction.pk, SetAutoBid(actor_id=cast.bidder2.pk, max_minor=300_00))
    desk.ask(auction.pk, bid(cast.bidder1, 250_00))
    assert verify_auction(auction.pk) == []

    tamper(auction)

    found = verify_auction(auction.pk)
    assert found
    assert all(sentence.startswith(f"auction {auction.pk}: ") for sentence in found)
