"""Every prefix of both vocabularies on one page."""

from django.conf import settings
from django.urls import include, path

from apps.backoffice.office_site import site as office
from apps.core import views
from apps.core.routing import route
from config.health import ReadyView

urlpatterns = [
    path("", include("apps.core.urls")),
    route("readyz/", ReadyView.as_view(), name="readyz"),
    path("api/", include("apps.users.urls")),
    path("api/", include("apps.auctions.urls")),
    path("api/", include("apps.bidding.urls")),
    path("api/", include("apps.payments.urls")),
    path("api/", include("apps.notifications.urls")),
    path("api/", include("apps.webhooks.urls")),
    path("api/", include("apps.backoffice.urls")),
    path("api/", include("apps.privacy.urls")),
    path("api/", include("apps.risk.urls")),
    path("api/", include("apps.bidbazaar.urls")),
    *([path(settings.DJANGO_ADMIN_PATH[1:], office.urls)] if settings.DJANGO_ADMIN_PATH else []),
    path("", include("apps.web.urls")),  # last: it answers whatever is left
]

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error
