"""Where the live rooms are."""

from django.urls import URLPattern, re_path

from apps.bidding.consumers import AuctionConsumer

websocket_urlpatterns: list[URLPattern] = [
    # Any word in the id's place is an unknown auction (4404), not an unknown path.
    re_path(r"^/?ws/auction/(?P<auction_id>[^/]+)/?$", AuctionConsumer.as_asgi()),
]
