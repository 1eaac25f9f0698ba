"""The shape of the dashboard."""

from typing import Any

from rest_framework import serializers

from apps.backoffice.windows import PERIODS, STEPS_SECONDS
from apps.core.fields import CountField, ShownAmountField
from apps.core.wire import instant


class _Shape(serializers.Serializer[Any]):
    """Describes; the figures come as they are shown."""


class ValueSerializer(_Shape):
    """An amount in its currency."""

    currency = serializers.CharField(help_text="ISO 4217")
    amount = ShownAmountField()


class GrossSerializer(ValueSerializer):
    """Gross merchandise value, and what the house takes of it."""

    taken = ShownAmountField(help_text="Commission and premium")
    take_rate = serializers.FloatField(allow_null=True)


class NewUsersSerializer(_Shape):
    """Of a period."""

    new = CountField()


class UsersFiguresSerializer(NewUsersSerializer):
    """Accounts."""

    total = CountField()
    suspended = CountField()
    banned = CountField()
    previous = NewUsersSerializer()


class AuctionsOfPeriodSerializer(_Shape):
    """Of a period."""

    created = CountField()
    ended = CountField()
    sold = CountField()
    conversion = serializers.FloatField(allow_null=True, help_text="Sold per ended")


class AuctionsFiguresSerializer(AuctionsOfPeriodSerializer):
    """Listings."""

    active = CountField()
    previous = AuctionsOfPeriodSerializer()


class BidsOfPeriodSerializer(_Shape):
    """Of a period."""

    count = CountField()
    per_minute = serializers.FloatField()
    active_bidders = CountField()


class BidsFiguresSerializer(BidsOfPeriodSerializer):
    """Bids."""

    previous = BidsOfPeriodSerializer()


class SalesSerializer(_Shape):
    """Of a period or a part of it, by when the sales were opened."""

    gmv = GrossSerializer(many=True, help_text="Hammer prices of sales due or paid, by currency")
    sales = CountField(help_text="Due or paid")
    paid = CountField()
    lapsed = CountField(help_text="Not paid in time")
    unpaid_rate = serializers.FloatField(allow_null=True, help_text="Lapsed per paid or lapsed")


class PaymentsFiguresSerializer(SalesSerializer):
    """Sales and their money."""

    previous = SalesSerializer()


class OpenedSerializer(_Shape):
    """Of a period."""

    opened = CountField()


class DisputesFiguresSerializer(OpenedSerializer):
    """Disputes over held money."""

    open = CountField()
    previous = OpenedSerializer()


class ReportsOfPeriodSerializer(OpenedSerializer):
    """Of a period."""

    resolved = CountField()


class ReportsFiguresSerializer(ReportsOfPeriodSerializer):
    """Reports by users."""

    open = CountField()
    previous = ReportsOfPeriodSerializer()


class PointSerializer(SalesSerializer):
    """A part of the period: from `start_at` on, before `end_at`."""

    start_at = serializers.DateTimeField()
    end_at = serializers.DateTimeField()
    new_users = CountField()
    bids = CountField()
    bids_per_minute = serializers.FloatField()
    active_bidders = CountField()
    ended = CountField(help_text="Auctions")
    sold = CountField()
    conversion = serializers.FloatField(allow_null=True, help_text="Sold per ended")
    disputes = CountField(help_text="Opened")
    reports = CountField(help_text="Opened")


class DashboardSerializer(_Shape):
    """Figures of a period up to now; `previous` is as long, right before it."""

    period = serializers.ChoiceField(tuple(PERIODS))
    step = serializers.ChoiceField(tuple(STEPS_SECONDS), help_text="How long a point lasts")
    users = UsersFiguresSerializer()
    auctions = AuctionsFiguresSerializer()
    bids = BidsFiguresSerializer()
    payments = PaymentsFiguresSerializer()
    disputes = DisputesFiguresSerializer()
    reports = ReportsFiguresSerializer()
    series = PointSerializer(many=True)

    def to_representation(self, instance: dict[str, Any]) -> dict[str, Any]:
        """Return the figures, instants as they are written."""
        points = [
            point | {"start_at": instant(point["start_at"]), "end_at": instant(point["end_at"])}
            for point in instance["series"]
        ]
        return instance | {"series": points}
