"""Hard links and deposits at the desk: who is refused, who is not, and from what it is known."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.bidding.desk import desk
from apps.bidding.models import Bid, BidHistory
from apps.bidding.services import place_bids
from apps.core import clock
from apps.payments import accounts, sales, services, unpaid
from apps.payments.integrations.base import Charge, PayoutState
from apps.payments.models import Payment, PayoutAccount, Sale
from apps.risk.deposit_services import after_unpaid_win
from apps.risk.keys import digest_of, note_key, note_sightings
from apps.risk.models import AccountKey, DepositNeed
from domain.commands import BuyNow, EndAuction, PlaceBid, SetAutoBid
from domain.reasons import Reason, Refused
from domain.risk.links import HARD_KINDS, KeyKind
from domain.settlement import PaymentStatus
from tests.factories import AuctionFactory, UserFactory
from tests.money.market import pay, sell

pytestmark = pytest.mark.django_db

HARD = sorted(HARD_KINDS)
SOFT = sorted(set(KeyKind) - HARD_KINDS)
WAYS = {
    "a bid": lambda user: PlaceBid(actor_id=user.pk, amount_minor=200_00),
    "a maximum": lambda user: SetAutoBid(actor_id=user.pk, max_minor=200_00),
    "a purchase": lambda user: BuyNow(actor_id=user.pk),
}


@pytest.fixture
def auction(cast):
    return AuctionFactory(seller=cast.seller, buy_now_minor=900_00)


def share(kind, *users, value="acct_1"):
    for user in users:
        note_key(user.pk, kind, value, at=clock.now())


def refused_with(reason):
    return pytest.raises(Refused, check=lambda error: error.refusal.reason is reason)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", HARD)
def test_who_shares_a_hard_key_with_the_seller_is_refused(cast, auction, kind, way):
    share(kind, cast.seller, cast.bidder1)

    with refused_with(Reason.LINKED_ACCOUNT):
        desk.ask(auction.pk, WAYS[way](cast.bidder1))

    assert not Bid.objects.exists()
    assert not BidHistory.objects.exists()


def test_an_offer_is_refused_as_well(cast):
    listing = AuctionFactory(seller=cast.seller, seller_choice=True)
    share(KeyKind.PAYER, cast.seller, cast.bidder1)

    with refused_with(Reason.LINKED_ACCOUNT):
        desk.ask(listing.pk, PlaceBid(actor_id=cast.bidder1.pk, amount_minor=200_00))


@pytest.mark.parametrize("kind", SOFT)
def test_a_soft_link_refuses_nobody(cast, auction, kind):
    share(kind, cast.seller, cast.bidder1)

    desk.ask(auction.pk, WAYS["a bid"](cast.bidder1))

    assert Bid.objects.get().bidder == cast.bidder1


def test_a_link_with_anybody_but_the_seller_refuses_nobody(cast, auction):
    share(KeyKind.PAYER, cast.bidder2, cast.bidder1)
    share(KeyKind.PAYER, cast.seller, value="acct_2")
    share(KeyKind.PAYOUT, cast.seller, value="acct_1")  # the same word, of another kind

    desk.ask(auction.pk, WAYS["a bid"](cast.bidder1))

    assert Bid.objects.get().bidder == cast.bidder1


def test_the_linked_one_takes_no_other_of_the_batch_with_him_and_costs_no_statement(cast, auction):
    def statements(amount_minor):
        batch = [
            PlaceBid(actor_id=user.pk, amount_minor=amount_minor + number * 50_00)
            for number, user in enumerate((cast.bidder1, cast.bidder2, cast.stranger))
        ]
        with CaptureQueriesContext(connection) as captured:
            outcomes = [out for part in place_bids(auction.pk, batch) for out in part.outcomes]
        return len(captured), [isinstance(outcome, Refused) for outcome in outcomes]

    before, nobody = statements(200_00)
    share(KeyKind.PAYOUT, cast.seller, cast.bidder2)
    after, second = statements(500_00)

    assert (nobody, second) == ([False] * 3, [False, True, False])
    assert after == before


def test_what_stands_already_stands(cast, auction):
    desk.ask(auction.pk, WAYS["a maximum"](cast.bidder1))
    share(KeyKind.PAYER, cast.seller, cast.bidder1)

    desk.ask(auction.pk, PlaceBid(actor_id=cast.bidder2.pk, amount_minor=150_00))

    auction.refresh_from_db()
    assert auction.leader == cast.bidder1


def test_keys_are_kept_as_keyed_digests(cast, settings):
    share(KeyKind.PAYER, cast.bidder1, value="stripe:fp_secret")
    ours = digest_of(KeyKind.PAYER, "stripe:fp_secret")

    assert AccountKey.objects.get().digest == ours
    assert "fp_secret" not in ours
    assert ours != digest_of(KeyKind.PAYOUT, "stripe:fp_secret")
    settings.SECRET_KEY = "another site's"
    assert ours != digest_of(KeyKind.PAYER, "stripe:fp_secret")


def test_nothing_is_no_key_and_the_same_is_noted_once(cast):
    share(KeyKind.PAYER, cast.bidder1, value="")
    share(KeyKind.PAYER, cast.bidder1)
    share(KeyKind.PAYER, cast.bidder1)
    at = clock.now()
    for _ in range(2):
        note_sightings([(cast.bidder1.pk, KeyKind.NETWORK, "net", at)])
    note_sightings([(cast.bidder1.pk, KeyKind.NETWORK, "net", at + timedelta(hours=1))])

    assert AccountKey.objects.filter(kind=KeyKind.PAYER).count() == 1
    assert AccountKey.objects.filter(kind=KeyKind.NETWORK).count() == 2


# -- where keys come from -----------------------------------------------------------------------


def paid_by(payment, payer_ref, payer_wallet=""):
    """Settle an open payment by a charge of this payer."""
    charge = Charge(
        ref=payment.provider_ref or "pi_1",
        status=PaymentStatus.SUCCEEDED,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        payment_id=payment.pk,
        capture_ref="ch_1",
        payer_ref=payer_ref,
        payer_wallet=payer_wallet,
    )
    return services.apply_charge(payment.pk, charge, cause="test")


def test_who_paid_is_noted_with_the_payment(cast):
    auction = sell(cast)
    sales.open_sales()
    payment, _ = services.open_payment(cast.bidder1.pk, auction.pk, "stripe")

    paid_by(payment, "fp_1")

    digest = digest_of(KeyKind.PAYER, "sandbox:fp_1")
    assert list(AccountKey.objects.values_list("user_id", "digest")) == [(cast.bidder1.pk, digest)]


def test_who_pays_from_where_the_seller_is_paid_is_linked_with_him(cast):
    auction = sell(cast)
    sales.open_sales()
    payment, _ = services.open_payment(cast.bidder1.pk, auction.pk, "paypal")
    Payment.objects.filter(pk=payment.pk).update(provider="paypal")
    row = PayoutAccount(user=cast.seller, provider="paypal", account_ref="Seller@Example.com")
    row.created_at = clock.now()
    row.save()
    accounts.refresh_account("paypal", row.account_ref)

    paid_by(payment, "", payer_wallet="seller@example.com")

    with refused_with(Reason.LINKED_ACCOUNT):
        bids(cast)


def test_two_sellers_with_one_bank_account_are_linked(cast):
    state = PayoutState(ready=True, bank_refs=("fp_bank",))
    for user in (cast.seller, cast.bidder1):
        row = PayoutAccount(user=user, provider="stripe", account_ref=f"acct_{user.pk}")
        accounts._note_payout(row, state, at=clock.now())

    with refused_with(Reason.LINKED_ACCOUNT):
        bids(cast)


def test_play_money_names_no_payer(cast):
    pay(sell(cast))

    assert not AccountKey.objects.filter(kind=KeyKind.PAYER).exists()


def test_where_a_seller_is_paid_is_noted_with_the_account(cast):
    row = accounts.open_payout_account(cast.seller.pk, "paypal", email=cast.seller.email).row

    digest = digest_of(KeyKind.PAYOUT, f"{row.provider}:{row.account_ref}")
    assert AccountKey.objects.get(kind=KeyKind.PAYOUT).digest == digest


def test_an_unpaid_auction_is_not_offered_to_who_is_linked_with_the_seller(cast, frozen_clock):
    third = UserFactory(username="third")
    auction = AuctionFactory(seller=cast.seller)
    for user, amount in ((third, 110), (cast.bidder1, 150), (cast.bidder2, 200)):
        desk.ask(auction.pk, PlaceBid(actor_id=user.pk, amount_minor=amount * 100))
    desk.ask(auction.pk, EndAuction(actor_id=cast.seller.pk))
    sales.open_sales()
    share(KeyKind.PAYER, cast.seller, cast.bidder1)

    unpaid.look_after_unpaid(frozen_clock.advance(72 * 3600), 100)

    assert Sale.objects.get(status="offered").buyer == third


# -- deposits -----------------------------------------------------------------------------------


@pytest.fixture
def win_unpaid(cast, frozen_clock):
    """Return a function: bidder1 wins and does not pay."""

    def run():
        auction = AuctionFactory(seller=cast.seller)
        desk.ask(auction.pk, PlaceBid(actor_id=cast.bidder1.pk, amount_minor=200_00))
        desk.ask(auction.pk, EndAuction(actor_id=cast.seller.pk))
        sales.open_sales()
        unpaid.look_after_unpaid(frozen_clock.advance(72 * 3600), 100)

    return run


def bids(cast):
    auction = AuctionFactory(seller=cast.seller)
    return desk.ask(auction.pk, PlaceBid(actor_id=cast.bidder1.pk, amount_minor=200_00))


def test_two_unpaid_wins_within_thirty_days_ask_for_a_deposit_until_they_age(
    cast, win_unpaid, frozen_clock
):
    win_unpaid()
    assert bids(cast).bid.amount_minor == 200_00

    win_unpaid()

    with refused_with(Reason.DEPOSIT_NEEDED):
        bids(cast)
    need = DepositNeed.objects.get()
    assert (need.cause, need.user) == ("unpaid", cast.bidder1)
    frozen_clock.set(need.until_at)
    assert bids(cast).bid.amount_minor == 200_00


def test_two_unpaid_wins_far_apart_ask_for_nothing(cast, win_unpaid, frozen_clock):
    win_unpaid()
    frozen_clock.advance(31 * 24 * 3600)
    win_unpaid()

    assert bids(cast).bid.amount_minor == 200_00
    assert not DepositNeed.objects.exists()


def test_what_staff_have_ordered_is_not_shortened_by_an_unpaid_win(cast, frozen_clock):
    now = frozen_clock.instant
    DepositNeed.objects.create(user=cast.bidder1, cause="staff", since_at=now)

    after_unpaid_win(cast.bidder1.pk, [now, now], now=now)

    need = DepositNeed.objects.get()
    assert (need.cause, need.until_at) == ("staff", None)
    with refused_with(Reason.DEPOSIT_NEEDED):
        bids(cast)


def test_the_link_is_told_before_the_deposit(cast):
    DepositNeed.objects.create(user=cast.bidder1, cause="staff", since_at=clock.now())
    share(KeyKind.PAYER, cast.seller, cast.bidder1)

    with refused_with(Reason.LINKED_ACCOUNT):
        bids(cast)
