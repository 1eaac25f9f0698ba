"""Statements in the roadmap's words; their bodies are built by apps/payments/statements.py."""

from typing import Any

from rest_framework import serializers

from apps.core.fields import ShownAmountField


class StatementLineSerializer(serializers.Serializer[Any]):
    """A movement."""

    date = serializers.DateTimeField()
    what = serializers.CharField()
    reference = serializers.CharField(help_text="The ledger's transaction")
    currency = serializers.CharField()
    debit = ShownAmountField(allow_null=True, help_text="Less of your money with the house")
    credit = ShownAmountField(allow_null=True, help_text="More of it")
    balance = ShownAmountField(help_text="What is there after it, in this currency")


class StatementBalanceSerializer(serializers.Serializer[Any]):
    """What is there now."""

    currency = serializers.CharField()
    amount = ShownAmountField()


class StatementSerializer(serializers.Serializer[Any]):
    """Lines, oldest first."""

    lines = StatementLineSerializer(many=True)
    balances = StatementBalanceSerializer(many=True)
    shortened = serializers.BooleanField(help_text="Whether older lines were left out")
