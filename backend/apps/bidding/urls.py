"""Paths of the bidding app, below /api/. Fixed words stand before ids."""

from apps.bidding import views
from apps.core.routing import route

urlpatterns = [
    route("bids/", views.BidListView.as_view(), name="bids"),
    route("bids/my-bids/", views.MyBidsView.as_view(), name="my-bids"),
    route("bids/winning/", views.WinningBidsView.as_view(), name="winning-bids"),
    route("bids/losing/", views.LosingBidsView.as_view(), name="losing-bids"),
    route("auto-bids/", views.AutoBidListView.as_view(), name="auto-bids"),
    route("auto-bids/<id:rule_id>/", views.AutoBidView.as_view(), name="auto-bid"),
    route("bid-history/", views.BidHistoryView.as_view(), name="bid-history"),
    route("auctions/<id:auction_id>/buy-now/", views.BuyNowView.as_view(), name="buy-now"),
]
