"""One evening at the house, by chance: people bid, write, pay, quarrel; one is thrown out.

Played through the services, a scene at a time. What they should have been told of it is for
tests/told.py to say.
"""

import random
from collections.abc import Iterator

from apps.auctions.models import Auction, Watchlist
from apps.backoffice.account_services import ban_user
from apps.bidding.desk import desk
from apps.core import clock
from apps.notifications.message_refusals import MessageRefused
from apps.notifications.message_services import send_message
from apps.payments import escrow_services
from apps.payments.models import Escrow
from apps.payments.tasks import do_due_work
from apps.users.models import User
from domain.commands import BuyNow, CancelAuction, Command, EndAuction, PlaceBid, SetAutoBid
from domain.reasons import Refused
from tests.factories import AuctionFactory, UserFactory
from tests.money.market import pay

BIDS_IN_A_SCENE = 60


class Evening:
    """Fifty bidders, ten auctions of four sellers; the same one for the same seed."""

    def __init__(self, seed: int, bidders: int = 50, auctions: int = 10) -> None:
        self.chance = random.Random(seed)
        self.staff = UserFactory(username="evening-staff", is_staff=True)
        sellers = [UserFactory(username=f"evening-seller{number}") for number in range(4)]
        self.bidders: list[User] = [
            UserFactory(username=f"evening{number}") for number in range(bidders)
        ]
        self.auctions: list[Auction] = [
            AuctionFactory(
                seller=sellers[number % 4],
                title=f"Lot {number}",
                reserve_minor=self.chance.choice([None, 200_00, 900_00]),
                buy_now_minor=5000_00 if number in (5, 6) else None,
            )
            for number in range(auctions)
        ]
        now = clock.now()
        Watchlist.objects.bulk_create(
            Watchlist(user=user, auction=self.chance.choice(self.auctions), created_at=now)
            for user in self.bidders
        )

    def scenes(self) -> Iterator[str]:
        """Play the whole evening; yields after each scene."""
        yield self.storm()
        yield self.letters()
        yield self.storm()
        yield self.throw_out(self._leader(self.auctions[7]))
        yield self.buy_at_once(5)
        yield self.storm()
        yield self.remove(3)
        yield self.end(0, 1)
        yield self.pay_for(5)
        yield self.storm()
        yield self.quarrel(5)
        yield self.letters()
        yield self.end(2, 4, 7)
        yield self.buy_at_once(6)
        yield self.decide(5)
        yield self.pay_for(6)
        yield self.receive(6)
        yield self.end(8, 9)

    # -- scenes ---------------------------------------------------------------------------------

    def storm(self, bids: int = BIDS_IN_A_SCENE) -> str:
        """Let people bid, by hand or by a maximum."""
        for _ in range(bids):
            auction, user = self.chance.choice(self.auctions), self.chance.choice(self.bidders)
            auction.refresh_from_db(fields=["price_minor"])
            amount_minor = (auction.price_minor or 100_00) + self.chance.randint(0, 60) * 100
            self._ask(
                auction,
                PlaceBid(actor_id=user.pk, amount_minor=amount_minor)
                if self.chance.random() < 0.7
                else SetAutoBid(actor_id=user.pk, max_minor=amount_minor),
            )
        return "storm"

    def letters(self, count: int = 15) -> str:
        """Let bidders write to sellers, and some sellers answer."""
        for _ in range(count):
            auction, user = self.chance.choice(self.auctions), self.chance.choice(self.bidders)
            about = self.chance.choice([None, auction.pk])
            for writer, reader in ((user.pk, auction.seller_id), (auction.seller_id, user.pk)):
                try:
                    send_message(writer, reader, "Is it still there?", auction_id=about)
                except MessageRefused:  # he was thrown out, or the listing was
                    break
                if self.chance.random() < 0.5:
                    break
        return "letters"

    def throw_out(self, user: User) -> str:
        """Let staff ban somebody; what he bid is void."""
        ban_user(user.pk, actor_id=self.staff.pk, reason="shill bids", until_at=None)
        self.bidders.remove(user)
        return "ban"

    def remove(self, number: int) -> str:
        """Let staff take a listing away."""
        removal = CancelAuction(
            actor_id=self.staff.pk, is_staff=True, reason="a fake", removed=True
        )
        self._ask(self.auctions[number], removal)
        return "removal"

    def buy_at_once(self, number: int) -> str:
        """Let somebody take the fixed price, or sell to who bid past it."""
        auction = self.auctions[number]
        if not self._ask(auction, BuyNow(actor_id=self.chance.choice(self.bidders).pk)):
            self.end(number)
        return "buy now"

    def end(self, *numbers: int) -> str:
        """Let sellers end auctions."""
        for number in numbers:
            auction = self.auctions[number]
            self._ask(auction, EndAuction(actor_id=auction.seller_id))
        return "end"

    def pay_for(self, number: int) -> str:
        """Let the buyer pay."""
        pay(self.auctions[number])
        return "payment"

    def quarrel(self, number: int) -> str:
        """Let the buyer dispute what he got."""
        hold = self._hold(number)
        buyer_id = hold.payment.sale.buyer_id
        escrow_services.open_dispute(hold.pk, buyer_id, reason="damaged", description="broken")
        return "dispute"

    def decide(self, number: int) -> str:
        """Let staff give the buyer his money back."""
        hold = self._hold(number)
        escrow_services.resolve_dispute(hold.pk, self.staff.pk, outcome="refund")
        return self._move_money()

    def receive(self, number: int) -> str:
        """Let the buyer say that he has it: the seller is paid."""
        hold = self._hold(number)
        escrow_services.release_hold(hold.pk, cause="request:evening")
        return self._move_money()

    def close(self) -> None:
        """End what still runs."""
        self.end(*range(len(self.auctions)))

    # -- how --------------------------------------------------------------------------------------

    def _ask(self, auction: Auction, command: Command) -> bool:
        try:
            desk.ask(auction.pk, command)
        except Refused:
            return False
        return True

    def _leader(self, auction: Auction) -> User:
        auction.refresh_from_db()
        return next(user for user in self.bidders if user.pk == auction.leader_id)

    def _hold(self, number: int) -> Escrow:
        return Escrow.objects.get(payment__sale__auction=self.auctions[number])

    def _move_money(self) -> str:
        while do_due_work():
            pass
        return "money"
