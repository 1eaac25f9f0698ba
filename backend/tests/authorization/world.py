"""A market in which everybody has something of his own, in every state, and something to hide.

Each account sells one listing in each of STATES, leads one auction of somebody else by a secret
maximum, and has an address, a company and a session nobody else may know of.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

from django.contrib.auth.hashers import make_password
from PIL import Image
from rest_framework.test import APIClient

from apps.auctions.following_services import save_search
from apps.auctions.models import Auction, FeeSchedule
from apps.backoffice.appeal_services import appeal_report
from apps.backoffice.market_services import remove_auction
from apps.backoffice.report_services import open_report, resolve_report
from apps.backoffice.sanctions import token_of
from apps.bidding.desk import desk
from apps.bidding.models import AutoBidRule, Bid
from apps.core import clock
from apps.notifications.kinds import Kind as NoteKind
from apps.notifications.kinds import Note
from apps.notifications.message_services import send_message
from apps.notifications.models import Notification
from apps.notifications.push_services import subscribe as push_to
from apps.notifications.sentences import Says
from apps.notifications.services import notify
from apps.payments.accounts import payout_account
from apps.payments.subscription_services import subscribe
from apps.privacy.models import DataExport
from apps.risk.case_services import Finding, put_before_people
from apps.risk.keys import note_key
from apps.risk.models import DepositNeed, RiskCase
from apps.users.key_services import create_key
from apps.users.models import BusinessAccount, LoginSession, Passkey, TotpDevice, User, UserProfile
from apps.users.one_time import Purpose, issue
from apps.users.passkeys import digest, user_handle
from apps.users.sealing import seal
from apps.users.tokens import read_access
from apps.users.totp import new_secret
from apps.webhooks.services import create_endpoint, send_test
from domain import commands as ask
from domain.risk.links import KeyKind
from domain.risk.shill import WEIGHTS
from tests.authenticator import Authenticator
from tests.authorization.deals import Deal, Pair, buyers_of, strike
from tests.authorization.secrets import Secrets
from tests.browsers import browser
from tests.cast import sign_in
from tests.factories import (
    PASSWORD,
    AuctionFactory,
    AuctionImageFactory,
    CategoryFactory,
    LotFactory,
    UserFactory,
    WatchlistFactory,
)

#: `barred`: staff has withdrawn his right to sell. The leader of most auctions is `winner`.
ACCOUNTS = ("owner", "bidder", "seller", "winner", "loser", "staff", "banned", "barred")
ACTORS = ("anonymous", *ACCOUNTS)
#: `contested` and `offers` have bids; `deleted` is cancelled before the first, `removed` by staff.
STATES = (
    "draft",
    "scheduled",
    "active",
    "contested",
    "offers",
    "sold",
    "unsold",
    "deleted",
    "removed",
)
ABSENT = 4_000_000_000_000_000_000  # an id the database could hold and nothing has

_PLAYERS = ("winner", "loser", "bidder")


@dataclass
class World:
    """The rows by their roles. `auctions[whose, state]`, `bids[auction_id]` with the leader's."""

    secrets: Secrets = field(default_factory=Secrets)
    users: dict[str, User] = field(default_factory=dict)
    access: dict[str, str] = field(default_factory=dict)
    refresh: dict[str, str] = field(default_factory=dict)
    clients: dict[str, APIClient] = field(default_factory=dict)
    auctions: dict[tuple[str, str], int] = field(default_factory=dict)
    images: dict[int, int] = field(default_factory=dict)
    bids: dict[int, int] = field(default_factory=dict)
    rules: dict[str, int] = field(default_factory=dict)
    withdrawn_rules: dict[str, int] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)  # another one than that of `access`
    passkeys: dict[str, int] = field(default_factory=dict)
    reports: dict[str, int] = field(default_factory=dict)
    told_on: dict[str, int] = field(default_factory=dict)  # of a message to each
    judged: dict[str, int] = field(default_factory=dict)  # upheld against each
    appeals: dict[str, int] = field(default_factory=dict)  # of each, against another one
    appeal_links: dict[str, str] = field(default_factory=dict)
    cases: dict[str, int] = field(default_factory=dict)  # about each
    notices: dict[str, int] = field(default_factory=dict)  # what each was told
    searches: dict[str, int] = field(default_factory=dict)  # that they saved
    browsers: dict[str, int] = field(default_factory=dict)  # that are pushed to
    devices: dict[str, Authenticator] = field(default_factory=dict)  # what holds their keys
    letters: dict[str, int] = field(default_factory=dict)  # messages to each by a pen pal
    conversations: dict[str, int] = field(default_factory=dict)  # that they are in
    programs: dict[str, int] = field(default_factory=dict)  # API keys
    hooks: dict[str, int] = field(default_factory=dict)  # webhooks
    deliveries: dict[str, int] = field(default_factory=dict)  # to these webhooks
    links: dict[tuple[str, Purpose], str] = field(default_factory=dict)  # tokens of mailed links
    apps: dict[str, str] = field(default_factory=dict)  # secrets of apps not yet confirmed
    deals: dict[tuple[Pair, str], Deal] = field(default_factory=dict)  # by parties and state

    def other(self, actor: str) -> str:
        """Return whose things are somebody else's to this actor."""
        return "seller" if actor == "owner" else "owner"

    def leader(self, seller: str) -> str:
        """Return who leads the contested auctions of a seller."""
        return next(name for name in _PLAYERS if name != seller)

    def second(self, seller: str) -> str:
        """Return who bids against him."""
        return next(name for name in _PLAYERS[1:] if name not in (seller, self.leader(seller)))


def build_world(sellers: Sequence[str] = ACCOUNTS) -> World:
    """Make all of it, with listings of these sellers; a banned account does nothing more."""
    world = World()
    world.clients["anonymous"] = APIClient(raise_request_exception=False)
    for number, name in enumerate(ACCOUNTS, start=1):
        _open_account(world, name, number)
    clocks = CategoryFactory(slug="clocks")
    FeeSchedule.objects.create(commission_bps=700, premium_tiers=[[0, 1200]], tax_bps=1900)
    strike(world, all_of_them=sellers == ACCOUNTS)  # the oldest, so that no page hides a listing
    maximums, reserves = _amounts(70_000_007), _amounts(90_000_009)
    for name in sellers:
        for state in STATES:
            _list(world, name, state, next(maximums), next(reserves))
    for name in ACCOUNTS:
        _lead(world, name, next(maximums), next(maximums))
        WatchlistFactory(
            user=world.users[name], auction_id=world.auctions[world.other(name), "active"]
        )
    _write_letters(world)
    _tell(world)
    _listen(world)
    _report(world)
    _suspect(world)
    subscribe(world.users["owner"].pk, "pro")
    payout_account(world.users["owner"].pk, "sandbox")
    Auction.objects.update(category=clocks)
    User.objects.filter(pk=world.users["barred"].pk).update(can_sell=False)
    # Only the ban itself: what ends the session besides is for the tests of accounts.
    User.objects.filter(pk=world.users["banned"].pk).update(banned_at=clock.now())
    return world


def _amounts(first_minor: int) -> Iterator[int]:
    return count(first_minor, 101_010)


def _open_account(world: World, name: str, number: int) -> None:
    plant = world.secrets.plant
    password = make_password(PASSWORD, salt=f"sesamehash{name}")
    plant(f"sesamehash{name}", f"password hash of {name}", name)
    user = UserFactory(
        username=name,
        email=plant(f"sesame-mail-{name}", f"address of {name}", name, "staff") + "@example.com",
        password=password,
        first_name=name.title(),
        last_name="Person",
        is_staff=name == "staff",
    )
    UserProfile.objects.filter(user=user).update(avatar="avatars/portrait.webp")
    if name != "loser":
        readers = (name, "staff", *buyers_of(name))  # it stands on his invoices
        BusinessAccount.objects.create(
            user=user,
            company_name=f"{name.title()} Ltd",
            tax_id=plant(f"sesame-tax-{name}", f"tax id of {name}", *readers),
            address=plant(f"sesame-street-{name}", f"business address of {name}", *readers),
        )
    pair, other = sign_in(user), sign_in(user)
    world.sessions[name] = read_access(other.access).session_id
    LoginSession.objects.filter(user=user).update(
        ip_address=plant(f"198.51.100.{number}", f"IP address of {name}", name),
        user_agent=plant(f"sesame-browser-{name}", f"browser of {name}", name),
    )
    plant(pair.refresh_digest, f"refresh digest of {name}", name)
    _protect(world, name, user)
    world.users[name], world.access[name], world.refresh[name] = user, pair.access, pair.refresh
    world.clients[name] = APIClient(raise_request_exception=False)
    world.clients[name].credentials(HTTP_AUTHORIZATION=f"Bearer {pair.access}")


def _protect(world: World, name: str, user: User) -> None:
    """Give an account a passkey, an app that waits for its first code, and two mailed links."""
    device = Authenticator(handle=user_handle(user.pk))
    row = Passkey.objects.create(
        user=user,
        name=world.secrets.plant(f"sesame-key-{name}", f"passkey of {name}", name),
        credential=device._attested(),
        credential_digest=digest(device.credential_id),
        created_at=clock.now(),
    )
    world.passkeys[name], world.devices[name] = row.pk, device
    world.apps[name] = new_secret()
    TotpDevice.objects.create(
        user=user, sealed_secret=seal(world.apps[name]), created_at=clock.now()
    )
    for purpose in (Purpose.PASSWORD_RESET, Purpose.EMAIL):
        world.links[name, purpose] = issue(purpose, user_id=user.pk, email=user.email)


def _list(world: World, seller: str, state: str, maximum: int, reserve: int) -> None:
    """Make one listing of a seller in a state, by the desk where bidding is involved."""
    traits: dict[str, Any] = {}
    if state in ("draft", "scheduled"):
        traits[state] = True
    if state == "offers":
        traits["seller_choice"] = True
    elif state != "sold":
        traits["reserve_minor"] = world.secrets.plant_amount(
            reserve, f"reserve of {seller}'s {state}", seller
        )
    if state == "active":
        soon = clock.now() + timedelta(hours=2)
        traits |= {"buy_now_minor": 150_000_000, "condition": "new", "end_at": soon}
    if state in ("draft", "active", "unsold"):
        traits |= {"soft_close_window_seconds": 60, "soft_close_extension_seconds": 60}
    if state == "draft":
        what = f"title of {seller}'s draft"
        traits["title"] = world.secrets.plant(f"sesame-draft-{seller}", what, seller, "staff")
    auction = AuctionFactory(seller=world.users[seller], **traits)
    world.auctions[seller, state] = auction.pk
    world.images[auction.pk] = AuctionImageFactory(auction=auction).pk
    LotFactory(auction=auction, lot_number=1)
    if state in ("contested", "sold", "removed"):
        leader = world.leader(seller)
        what = f"maximum of {leader} in {seller}'s {state}"
        world.secrets.plant_amount(maximum, what, leader)
        _bid(world, auction, world.second(seller), 120_00)
        _set_maximum(world, auction, leader, maximum)
    _finish(world, auction, seller, state)
    bid = Bid.objects.filter(auction=auction).order_by("-amount_minor").first()
    if bid is not None:
        world.bids[auction.pk] = bid.pk


def _finish(world: World, auction: Auction, seller: str, state: str) -> None:
    seller_id = world.users[seller].pk
    if state == "offers":
        _offer(world, auction, world.second(seller), 120_00)
        _offer(world, auction, world.leader(seller), 130_00)
    elif state in ("sold", "unsold"):
        desk.ask(auction.pk, ask.EndAuction(actor_id=seller_id))
    elif state == "deleted":
        desk.ask(auction.pk, ask.CancelAuction(actor_id=seller_id))
    elif state == "removed":
        staff_id = world.users["staff"].pk
        desk.ask(auction.pk, ask.CancelAuction(actor_id=staff_id, is_staff=True, removed=True))


def _lead(world: World, bidder: str, maximum: int, withdrawn: int) -> None:
    """Let an account lead an auction by a maximum, and withdraw another from a second one."""
    seller = world.users[world.other(bidder)]
    plant_amount = world.secrets.plant_amount
    plant_amount(maximum, f"maximum of {bidder}", bidder)
    plant_amount(withdrawn, f"withdrawn maximum of {bidder}", bidder)
    led, left = AuctionFactory(seller=seller), AuctionFactory(seller=seller)
    _set_maximum(world, led, bidder, maximum)
    _set_maximum(world, left, bidder, withdrawn)
    desk.ask(left.pk, ask.CancelAutoBid(actor_id=world.users[bidder].pk))
    rules = AutoBidRule.objects.filter(bidder=world.users[bidder])
    world.rules[bidder] = rules.get(auction=led).pk
    world.withdrawn_rules[bidder] = rules.get(auction=left).pk


def _bid(world: World, auction: Auction, bidder: str, amount_minor: int) -> None:
    command = ask.PlaceBid(actor_id=world.users[bidder].pk, amount_minor=amount_minor)
    desk.ask(auction.pk, command)


def _offer(world: World, auction: Auction, bidder: str, amount_minor: int) -> None:
    now = clock.now()
    command = ask.PlaceBid(
        actor_id=world.users[bidder].pk,
        amount_minor=amount_minor,
        valid_from=now - timedelta(hours=1),
        valid_until=now + timedelta(days=1),
    )
    desk.ask(auction.pk, command)


def _set_maximum(world: World, auction: Auction, bidder: str, max_minor: int) -> None:
    desk.ask(auction.pk, ask.SetAutoBid(actor_id=world.users[bidder].pk, max_minor=max_minor))


def _write_letters(world: World) -> None:
    """Let each account be written to twice by somebody who is nobody here."""
    sender = UserFactory(username="penpal")
    for name in ACCOUNTS:
        send_message(sender.pk, name, "About the clocks")
        body = world.secrets.plant(f"sesame-letter-{name}", f"letter to {name}", name)
        letter = send_message(sender.pk, name, body)
        world.letters[name], world.conversations[name] = letter.pk, letter.conversation_id


def _tell(world: World) -> None:
    """Tell each account something nobody else should hear of."""
    for name in ACCOUNTS:
        body = world.secrets.plant(f"sesame-notice-{name}", f"notification of {name}", name)
        note = Note(
            user_id=world.users[name].pk,
            kind=NoteKind.WON,
            says=Says.WON,
            source="planted",
            at=clock.now(),
            title="You won a clock",
            body=body,
            url="/auctions/1",
            data={"auction_id": 1},
        )
        notify([note])
        world.notices[name] = Notification.objects.get(user=note.user_id, source="planted").pk
        its = browser(world.secrets.plant(f"sesame-push-{name}", f"push address of {name}"))
        subscription, _ = push_to(
            note.user_id,
            read_access(world.access[name]).session_id,
            endpoint=its["endpoint"],
            p256dh=its["keys"]["p256dh"],
            auth=its["keys"]["auth"],
            device=world.secrets.plant(f"sesame-pushed-{name}", f"device of {name}", name),
        )
        world.browsers[name] = subscription.pk
        search, _ = save_search(
            note.user_id,
            name=world.secrets.plant(f"sesame-search-{name}", f"search of {name}", name),
            query="search=clock",
        )
        world.searches[name] = search.pk


def _listen(world: World) -> None:
    """Let each account have an API key, and a webhook at an address nobody else should know of."""
    for name, user in world.users.items():
        called = world.secrets.plant(f"sesame-program-{name}", f"API key of {name}", name)
        key, _ = create_key(
            user,
            name=called,
            scopes=["read:bids"],
            expires_at=None,
            password=PASSWORD,
            session_id=world.sessions[name],
        )
        world.programs[name] = key.pk
        DataExport.objects.create(
            user=user,
            state="ready",
            requested_at=clock.now(),
            ready_at=clock.now(),
            expires_at=clock.now() + timedelta(days=7),
        )
        host = world.secrets.plant(f"sesame-hook-{name}", f"webhook of {name}", name)
        hook, _ = create_endpoint(
            user,
            url=f"https://{host}.example.com/",
            kinds=["auction.bid"],
            description="",
            everything=False,
        )
        world.hooks[name] = hook.pk
        world.deliveries[name] = send_test(user.pk, hook.pk).pk


def _report(world: World) -> None:
    """Let each account report a listing of another, and staff act once."""
    for name, user in world.users.items():
        auction_id = next(
            pk for (seller, state), pk in world.auctions.items()
            if state == "active" and seller != name
        )  # fmt: skip
        report, _ = open_report(
            user.pk, kind="auction", target_id=auction_id, reason="other", description=""
        )
        world.reports[name] = report.pk
    _judge(world)
    staff = world.users["staff"].pk
    remover = AuctionFactory(seller=world.users["loser"])
    remove_auction(remover.pk, actor_id=staff, reason="a fake")


def _judge(world: World) -> None:
    """Let each account report a message, and be judged twice; against the first it appeals."""
    judge, writer = UserFactory(username="judge", is_staff=True), UserFactory(username="writer")
    for name, user in world.users.items():
        letter = send_message(writer.pk, name, "Pay me elsewhere")
        report, _ = open_report(
            user.pk, kind="message", target_id=letter.pk, reason="fraud", description=""
        )
        world.told_on[name] = report.pk
        for _ in range(2):
            against, _ = open_report(
                writer.pk, kind="user", target_id=user.pk, reason="spam", description=""
            )
            resolve_report(against.pk, actor_id=judge.pk, resolution="upheld", action="", note="")
            if name not in world.appeals:
                world.appeals[name] = appeal_report(against.pk, user.pk, text="It was not me").pk
        against.refresh_from_db()
        assert against.act is not None
        world.judged[name] = against.pk
        world.appeal_links[name] = token_of(against.act, user.pk)


def _suspect(world: World) -> None:
    """Let each account stand out once, two of them share a card, and one need a deposit."""
    now = clock.now()
    for name, user in world.users.items():
        seller = world.users[world.other(name)]
        note_key(user.pk, KeyKind.ADDRESS, "1 High Street", at=now)
        finding = Finding(
            kind=RiskCase.Kind.SHILL,
            user_id=user.pk,
            seller_id=seller.pk,
            subject=f"seller:{seller.pk}",
            evidence_at=now,
            score=7.5,
            facts={
                "published_score": 8.0,
                "listed_count": 4,
                "lost_count": 4,
                "won_count": 0,
                "ratings": dict.fromkeys(WEIGHTS, 0.8),
            },
        )
        put_before_people(finding, at=now)
        world.cases[name] = RiskCase.objects.get(user=user).pk
    DepositNeed.objects.create(
        user=UserFactory(), cause="staff", since_at=now, reason="Two wins unpaid"
    )


def picture() -> io.BytesIO:
    """Return a small picture as a file of a form."""
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(file, "PNG")
    file.seek(0)
    file.name = "picture.png"
    return file
