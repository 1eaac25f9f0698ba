"""Fill an empty database with a market in which every operation finds something to do.

python -m tests.fuzz.market: accounts, auctions in every state, bids, pictures, maximums, and money
of everybody's own: to be paid, begun to be paid, held, disputed, released.
Ids are small, so that a guess often hits.
"""

import os
from datetime import timedelta
from io import BytesIO

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from PIL import Image  # noqa: E402

from apps.auctions import following_services as following  # noqa: E402
from apps.auctions import services as auctions  # noqa: E402
from apps.auctions.models import Auction  # noqa: E402
from apps.bidding.desk import desk  # noqa: E402
from apps.core import clock  # noqa: E402
from apps.payments import escrow_services, sales, services  # noqa: E402
from apps.users import services as users  # noqa: E402
from apps.users.models import User  # noqa: E402
from domain import commands as ask  # noqa: E402
from tests.cast import Cast, assemble_cast  # noqa: E402
from tests.factories import AuctionFactory, CategoryFactory, LotFactory  # noqa: E402


def picture() -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (64, 48), "teal").save(content, "JPEG")
    return SimpleUploadedFile("desk.jpg", content.getvalue(), "image/jpeg")


def bid(auction: Auction, bidder: int, amount: int, **more: object) -> None:
    desk.ask(auction.pk, ask.PlaceBid(actor_id=bidder, amount_minor=amount * 100, **more))


def open_market(cast: Cast) -> None:
    furniture = CategoryFactory(name="Furniture", slug="furniture")
    CategoryFactory(name="Desks", slug="desks", parent=furniture)
    for seller in (cast.seller, cast.bidder2, cast.staff):
        AuctionFactory(seller=seller, draft=True)
        AuctionFactory(seller=seller, scheduled=True, category=furniture)
        AuctionFactory(seller=seller, ended=True)
        AuctionFactory(seller=seller, seller_choice=True, condition="new")
        AuctionFactory(seller=seller, buy_now_minor=500_00, reserve_minor=200_00)
        AuctionFactory(seller=seller, end_at=clock.now() + timedelta(hours=2))
    for auction in Auction.objects.filter(status="active"):
        LotFactory(auction=auction)
        auctions.add_images(auction.pk, actor_id=auction.seller_id, files=[picture()])
        others = [user for user in (cast.bidder1, cast.stranger) if user.pk != auction.seller_id]
        for place, other in enumerate(others):
            bid(auction, other.pk, 110 + 10 * place)
            following.watch(auction.pk, user_id=other.pk)
        if auction.closing == "timed":
            maximum = ask.SetAutoBid(actor_id=cast.bidder1.pk, max_minor=150_00)
            desk.ask(auction.pk, maximum)
    sold = AuctionFactory(seller=cast.seller)
    bid(sold, cast.bidder1.pk, 300)
    desk.ask(sold.pk, ask.EndAuction(actor_id=cast.seller.pk))
    for buyer, seller in (
        (cast.bidder1, cast.seller),
        (cast.seller, cast.bidder1),
        (cast.staff, cast.seller),
        (cast.bidder1, cast.staff),
    ):
        for state in ("due", "waiting", "held", "held", "disputed", "released"):
            strike_deal(buyer, seller, state)
    for user in (cast.seller, cast.bidder1):
        users.put_business(user.pk, company_name="King & Co", tax_id="", address="", website="")


def strike_deal(buyer: User, seller: User, state: str) -> None:
    auction = AuctionFactory(seller=seller)
    bid(auction, buyer.pk, 200)
    desk.ask(auction.pk, ask.EndAuction(actor_id=seller.pk))
    with transaction.atomic():
        sales.sale_of_auction(auction.pk)
    if state == "due":
        return
    payment, _ = services.open_payment(buyer.pk, auction.pk, "stripe")
    if state == "waiting":
        return
    hold_id = services.confirm_payment(buyer.pk, payment.pk).escrow.pk
    if state == "disputed":
        escrow_services.open_dispute(hold_id, buyer.pk, reason="damaged", description="")
    elif state == "released":
        escrow_services.release_hold(hold_id, cause=f"request:user:{buyer.pk}")


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    open_market(assemble_cast())
