"""Paths of the back office, below /api/, and of reports to it."""

from apps.backoffice import market_views, people_views, report_views, views
from apps.core.routing import route

urlpatterns = [
    route("reports/", report_views.ReportsView.as_view(), name="reports"),
    route("reports/appeal/", report_views.AppealByLinkView.as_view(), name="appeal-by-link"),
    route(
        "reports/<id:report_id>/appeal/",
        report_views.AppealReportView.as_view(),
        name="appeal-report",
    ),
    route("admin/dashboard/", views.DashboardView.as_view(), name="admin-dashboard"),
    route("admin/users/", people_views.AdminUsersView.as_view(), name="admin-users"),
    route("admin/users/<id:user_id>/", people_views.AdminUserView.as_view(), name="admin-user"),
    route("admin/users/<id:user_id>/ban/", people_views.BanView.as_view(), name="admin-ban"),
    route("admin/auctions/", market_views.AdminAuctionsView.as_view(), name="admin-auctions"),
    route(
        "admin/auctions/<id:auction_id>/",
        market_views.AdminAuctionView.as_view(),
        name="admin-auction",
    ),
    route("admin/payments/", market_views.AdminPaymentsView.as_view(), name="admin-payments"),
    route("admin/reports/", report_views.AdminReportsView.as_view(), name="admin-reports"),
    route(
        "admin/reports/<id:report_id>/resolve/",
        report_views.ResolveReportView.as_view(),
        name="admin-resolve-report",
    ),
    route(
        "admin/reports/<id:report_id>/conversation/",
        report_views.ReportedConversationView.as_view(),
        name="admin-reported-conversation",
    ),
    route("admin/appeals/", report_views.AdminAppealsView.as_view(), name="admin-appeals"),
    route(
        "admin/appeals/<id:appeal_id>/decide/",
        report_views.DecideAppealView.as_view(),
        name="admin-decide-appeal",
    ),
    route("admin/settings/", views.SettingsView.as_view(), name="admin-settings"),
    route("admin/audit/", views.AuditView.as_view(), name="admin-audit"),
]
