"""Deleting an account: refused while others wait for it, then pseudonymous for good.

The row stays, because bids, the ledger and the log of staff point at it; it is named
`deleted-<id>` and nobody can log in to it. The hash-chained history is not rewritten: it keeps
the user name that was told in public when it was written, and every door shows the new one
(docs/adr/0010).
"""

from django.db import transaction

from apps.auctions.models import Auction
from apps.bidding.desk import desk
from apps.core import clock, uploads
from apps.notifications.models import Message, MessageImage
from apps.payments.models import Payment
from apps.privacy.erasure import erase_rows
from apps.privacy.obstacles import obstacles_of
from apps.users import mailbox
from apps.users.leaving_services import AccountInUse, delete_with
from apps.users.letters import Kind
from apps.users.models import RetiredName, User, UserProfile
from apps.users.rules import GONE_PREFIX
from apps.users.selectors import name_digest, username_taken
from domain.auction import Status
from domain.commands import CancelAuction

ERASED_TEXT = "(deleted with its sender's account)"
GONE_DOMAIN = "deleted.invalid"  # RFC 2606: nobody ever gets mail there


def delete_account(user_id: int) -> None:
    """Make an account pseudonymous and erase what is about its owner alone.

    Raises AccountInUse with nothing changed. Files go after the commit.
    """
    user = User.objects.get(pk=user_id)
    if obstacles := obstacles_of(user):
        raise AccountInUse(obstacles)
    for auction_id in Auction.objects.filter(seller=user, status=Status.DRAFT).values_list("pk"):
        desk.ask(auction_id[0], CancelAuction(actor_id=user_id))
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user_id)
        if obstacles := obstacles_of(user):  # again: the market has not stood still
            raise AccountInUse(obstacles)
        files = _files_of(user_id)
        _erase_writings(user_id)
        erase_rows(user_id)
        _rename(user)
        transaction.on_commit(lambda: _delete_files(files), robust=True)


def _files_of(user_id: int) -> list[str]:
    """Return the pictures that are his own: his portrait, and what he sent in messages."""
    avatars = UserProfile.objects.filter(pk=user_id).values_list("avatar", flat=True)
    sent = MessageImage.objects.filter(message__sender_id=user_id).values_list("image", flat=True)
    return [path for path in (*avatars, *sent) if path]


def _delete_files(files: list[str]) -> None:
    for path in files:
        uploads.delete_image(path)


def _erase_writings(user_id: int) -> None:
    MessageImage.objects.filter(message__sender_id=user_id).delete()
    Message.objects.filter(sender_id=user_id).update(
        body=ERASED_TEXT, request_key=None, request_digest=""
    )
    Payment.objects.filter(buyer_id=user_id).update(client_secret="", approve_url="")


def _rename(user: User) -> None:
    former_address = user.email
    RetiredName.objects.get_or_create(digest=name_digest(user.username))
    bid_on = Auction.objects.filter(bids__bidder=user).values("pk")
    Auction.objects.filter(pk__in=bid_on).update(has_former_names=True)
    user.username = _new_name(user.pk)
    user.email = f"{user.username}@{GONE_DOMAIN}"
    user.email_verified_at = None
    user.first_name = user.last_name = ""
    user.is_active = user.can_sell = False
    user.last_login = None
    user.deleted_at = clock.now()
    user.set_unusable_password()
    user.save()
    mailbox.order(Kind.ACCOUNT_DELETED, user_id=user.pk, email=former_address)


def _new_name(user_id: int) -> str:
    """Return `deleted-<id>`, or that and more where somebody was called so before it was kept."""
    name = f"{GONE_PREFIX}{user_id}"
    while username_taken(name):
        name += "-x"
    return name


delete_with(delete_account)
