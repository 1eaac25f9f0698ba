"""Who may bid at all; what an auction allows is the engine's to say."""

from rest_framework.permissions import IsAuthenticated


class CanBid(IsAuthenticated):
    """Any logged-in account: bans and blocks are refusals of the engine, with their reason."""


class IsRuleOwner(IsAuthenticated):
    """Automatic bids are private: selectors return one's own, so another's does not exist."""
