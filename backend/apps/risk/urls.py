"""Paths of risk, below /api/."""

from apps.core.routing import route
from apps.risk import views

urlpatterns = [
    route("admin/risk/cases/", views.CasesView.as_view(), name="risk-cases"),
    route("admin/risk/cases/<id:case_id>/", views.CaseView.as_view(), name="risk-case"),
    route(
        "admin/risk/cases/<id:case_id>/decide/",
        views.DecideCaseView.as_view(),
        name="risk-decide",
    ),
    route("admin/risk/deposits/", views.DepositsView.as_view(), name="risk-deposits"),
    route("admin/risk/deposits/<id:user_id>/", views.DepositView.as_view(), name="risk-deposit"),
]
