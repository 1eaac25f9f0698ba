"""Why the back office refuses, each with the status and sentence of its door."""

from enum import Enum


class HouseReason(Enum):
    """The catalogue: code, status, sentence; braces are filled with the facts."""

    NO_USER = ("not_found", 404, "User not found")
    NO_AUCTION = ("not_found", 404, "Auction not found")
    NO_REPORT = ("not_found", 404, "Report not found")
    NO_APPEAL = ("not_found", 404, "Appeal not found")
    NO_CONVERSATION = ("not_found", 404, "This report is about no message")
    NO_TARGET = ("not_found", 404, "There is no {kind} with this id")
    NOT_YOURSELF = ("not_yourself", 400, "Nobody changes or bans his own account here")
    NO_RIGHT = ("no_right", 403, "Your duty does not include this")
    LAST_ADMIN = ("last_admin", 400, "This is the last account of staff that may log in")
    ALREADY_BANNED = ("already_banned", 400, "This account is banned already")
    BAN_IS_OVER = ("ban_is_over", 400, "until: must lie in the future")
    NOT_REMOVABLE = ("not_removable", 400, "The auction cannot be removed; it is {status}")
    OWN_MONEY = ("own_money", 403, "Staff decide nothing about their own auctions and purchases")
    ALREADY_RESOLVED = ("already_resolved", 400, "This report has been resolved; it is {state}")
    APPEAL_DECIDED = ("already_decided", 400, "This appeal has been decided; it is {state}")
    NOT_APPEALABLE = ("not_appealable", 400, "Nothing was decided against you here")
    APPEALED_ALREADY = ("appealed_already", 400, "You have appealed already")
    APPEAL_LATE = ("appeal_late", 400, "An appeal must come within {days} days")
    LINK_INVALID = ("link_invalid", 400, "This link is no longer good")
    SAME_JUDGE = ("same_judge", 403, "Somebody else of staff must decide the appeal")
    PICTURE_REFUSED = ("picture_refused", 400, "images: {why}")
    WRONG_ACTION = ("wrong_action", 400, "action: this report is about {kind}")
    NO_CASE = ("not_found", 404, "Case not found")
    CASE_DECIDED = ("case_decided", 400, "This case has been decided; it is {state}")
    OWN_CASE = ("own_case", 403, "Staff decide nothing about themselves")
    YOUR_OWN = ("your_own", 400, "You cannot report yourself or what is yours")

    @property
    def code(self) -> str:
        """What a program may act on."""
        return self.value[0]

    @property
    def status(self) -> int:
        """The HTTP status of the answer."""
        return self.value[1]


class HouseRefused(Exception):
    """Raised with nothing changed. `facts` fill the sentence."""

    def __init__(self, reason: HouseReason, **facts: object) -> None:
        super().__init__(reason.code)
        self.reason = reason
        self.facts = facts

    @property
    def sentence(self) -> str:
        """What a person is told."""
        return self.reason.value[2].format(**self.facts)
