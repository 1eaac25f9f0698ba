"""Paths of the BidBazaar guide, under `/api/`.

Ids match any digits: an id that no row can have is an unknown product in the guide's own words,
and an anonymous bidder on it still hears 401 first.
"""

from django.urls import URLPattern, register_converter

from apps.bidbazaar.views import accounts, bids, products
from apps.core.routing import ID_MAX, route


class AnyIdConverter:
    """Digits as an id; those beyond the database's reach become one that no row has."""

    regex = "[0-9]+"

    def to_python(self, value: str) -> int:
        """Return the id."""
        return min(int(value), ID_MAX)

    def to_url(self, value: int) -> str:
        """Return the id as it stands in a path."""
        return str(value)


register_converter(AnyIdConverter, "any_id")

PRODUCT = "auction/products/<any_id:product_id>/"

urlpatterns: list[URLPattern] = [
    route("user/register/", accounts.RegisterView.as_view(), "guide-register"),
    route("user/login/", accounts.LogInView.as_view(), "guide-login"),
    route("user/logout/", accounts.LogOutView.as_view(), "guide-logout"),
    route("user/refresh/", accounts.RefreshView.as_view(), "guide-refresh"),
    route("auction/products/", products.ProductsView.as_view(), "products"),
    route("auction/products/category/", products.CategoryView.as_view(), "products-category"),
    route("auction/products/price-range/", products.PriceRangeView.as_view(), "products-price"),
    route("auction/products/new/", products.NewProductsView.as_view(), "products-new"),
    route("auction/products/used/", products.UsedProductsView.as_view(), "products-used"),
    route(
        "auction/products/active/by-end-time/",
        products.ActiveByEndTimeView.as_view(),
        "products-active",
    ),
    route(
        "auction/products/seller/<any_id:seller_id>/sold/",
        products.SoldBySellerView.as_view(),
        "products-sold",
    ),
    route("auction/my-listings/", products.MyListingsView.as_view(), "my-listings"),
    route(PRODUCT, products.ProductView.as_view(), "product"),
    route(PRODUCT + "upload-images/", products.ProductImagesView.as_view(), "product-images"),
    route(PRODUCT + "place-bid/", bids.PlaceBidView.as_view(), "product-place-bid"),
    route(PRODUCT + "bids/", bids.BidsView.as_view(), "product-bids"),
    route(PRODUCT + "highest-bid/", bids.HighestBidView.as_view(), "product-highest-bid"),
    route(PRODUCT + "my-bids/", bids.MyBidsView.as_view(), "product-my-bids"),
    route(PRODUCT + "sell/<any_id:bid_id>/", bids.SellView.as_view(), "product-sell"),
]
