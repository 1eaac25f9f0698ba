"""What the house says of itself."""

from typing import Any

from rest_framework import serializers


class DemoAccountSerializer(serializers.Serializer[Any]):
    """An account of the demo market."""

    username = serializers.CharField()
    password = serializers.CharField()


class SiteSerializer(serializers.Serializer[Any]):
    """What a client needs to know of the house before anything else."""

    name = serializers.CharField()
    currency = serializers.CharField(help_text="ISO 4217; of listings that name none")
    play_money = serializers.BooleanField(help_text="Payments may be made with play money")
    stripe_publishable_key = serializers.CharField(allow_null=True)
    demo_accounts = DemoAccountSerializer(many=True, help_text="Empty but in a demo market")
    server_time = serializers.DateTimeField()
