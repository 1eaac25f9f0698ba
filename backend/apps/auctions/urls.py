"""Paths of listings and categories. Ids are numbers, so no word below can be taken for one."""

from apps.auctions import views
from apps.core.routing import route

urlpatterns = [
    route("auctions/", views.AuctionsView.as_view(), name="auctions"),
    route("auctions/active/", views.ActiveAuctionsView.as_view(), name="auctions-active"),
    route("auctions/ending-soon/", views.EndingSoonView.as_view(), name="auctions-ending-soon"),
    route("auctions/my-auctions/", views.MyAuctionsView.as_view(), name="auctions-mine"),
    route("auctions/watchlist/", views.WatchlistView.as_view(), name="auctions-watchlist"),
    route("auctions/<id:auction_id>/", views.AuctionView.as_view(), name="auction"),
    route(
        "auctions/<id:auction_id>/activate/", views.ActivateView.as_view(), name="auction-activate"
    ),
    route("auctions/<id:auction_id>/end/", views.EndView.as_view(), name="auction-end"),
    route("auctions/<id:auction_id>/watch/", views.WatchView.as_view(), name="auction-watch"),
    route("auctions/<id:auction_id>/images/", views.ImagesView.as_view(), name="auction-images"),
    route(
        "auctions/<id:auction_id>/images/<id:image_id>/",
        views.ImageView.as_view(),
        name="auction-image",
    ),
    route("categories/", views.CategoriesView.as_view(), name="categories"),
]
