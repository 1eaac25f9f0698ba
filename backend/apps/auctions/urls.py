"""Paths of listings and categories. Ids are numbers, so no word below can be taken for one."""

from apps.auctions import following_views, views
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
    route(
        "auctions/<id:auction_id>/watch/", following_views.WatchView.as_view(), name="auction-watch"
    ),
    route("auctions/<id:auction_id>/images/", views.ImagesView.as_view(), name="auction-images"),
    route(
        "auctions/<id:auction_id>/images/order/",
        views.ImagesOrderView.as_view(),
        name="auction-images-order",
    ),
    route(
        "auctions/<id:auction_id>/images/<id:image_id>/",
        views.ImageView.as_view(),
        name="auction-image",
    ),
    route("saved-searches/", following_views.SavedSearchesView.as_view(), name="saved-searches"),
    route(
        "saved-searches/<id:search_id>/",
        following_views.SavedSearchView.as_view(),
        name="saved-search",
    ),
    route("categories/", views.CategoriesView.as_view(), name="categories"),
]
