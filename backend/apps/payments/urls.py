"""Paths of money, below /api/. Fixed words stand before ids."""

from apps.core.routing import route
from apps.payments import (
    account_views,
    escrow_views,
    invoice_views,
    relist_views,
    statement_views,
    subscription_views,
    views,
    webhook_views,
)

urlpatterns = [
    route(
        "auctions/<id:auction_id>/relist/", relist_views.RelistView.as_view(), name="relist-auction"
    ),
    route("payments/", views.PaymentsView.as_view(), name="payments"),
    route(
        "payments/stripe-webhook/",
        webhook_views.StripeWebhookView.as_view(),
        name="stripe-webhook",
    ),
    route(
        "payments/paypal-webhook/",
        webhook_views.PayPalWebhookView.as_view(),
        name="paypal-webhook",
    ),
    route(
        "payments/payout-accounts/",
        account_views.PayoutAccountsView.as_view(),
        name="payout-accounts",
    ),
    route("payments/statement/", statement_views.StatementView.as_view(), name="statement"),
    route("payments/<id:payment_id>/", views.PaymentView.as_view(), name="payment"),
    route(
        "payments/<id:payment_id>/confirm/",
        views.ConfirmPaymentView.as_view(),
        name="confirm-payment",
    ),
    route("escrow/", escrow_views.EscrowsView.as_view(), name="escrows"),
    route("escrow/<id:escrow_id>/", escrow_views.EscrowView.as_view(), name="escrow"),
    route("escrow/<id:escrow_id>/release/", escrow_views.ReleaseView.as_view(), name="release"),
    route("escrow/<id:escrow_id>/refund/", escrow_views.RefundView.as_view(), name="refund"),
    route("escrow/<id:escrow_id>/dispute/", escrow_views.DisputeView.as_view(), name="dispute"),
    route("escrow/<id:escrow_id>/resolve/", escrow_views.ResolveView.as_view(), name="resolve"),
    route("invoices/", invoice_views.InvoicesView.as_view(), name="invoices"),
    route("invoices/<id:invoice_id>/", invoice_views.InvoiceView.as_view(), name="invoice"),
    route("subscriptions/", subscription_views.SubscriptionView.as_view(), name="subscription"),
    route(
        "subscriptions/cancel/",
        subscription_views.CancelSubscriptionView.as_view(),
        name="cancel-subscription",
    ),
]
