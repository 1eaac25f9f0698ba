"""`/api/admin/risk/`: the queue of cases, and who needs a deposit."""

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from apps.backoffice.base_views import (
    TAGS,
    StaffListView,
    StaffView,
    id_parameter,
    word_parameter,
)
from apps.core import clock
from apps.core.schema import errors
from apps.risk import case_services, selectors, serializers
from apps.risk.evidence import evidence_of
from apps.users.authentication import claims_of
from apps.users.rights import Right
from domain.risk.shill import SCORE_MAX

NO_CASE = "Case not found"


class CasesView(StaffListView):
    """GET /api/admin/risk/cases/."""

    rights = {"GET": Right.PEOPLE}
    serializer_class = serializers.RiskCaseSerializer

    @extend_schema(
        operation_id="listRiskCases",
        summary="List what stands out",
        description="What the rules found, for a person to look at: it bars nobody by itself.",
        tags=TAGS,
        parameters=[
            word_parameter("state", selectors.STATES, "Only of this state"),
            word_parameter("kind", selectors.KINDS, "Only by this rule"),
            id_parameter("user", "Only about this user, on either side"),
            OpenApiParameter(
                "min_score",
                {"type": "number", "minimum": 0, "maximum": SCORE_MAX},
                description="Only shill scores from here on",
            ),
        ],
        responses={200: serializers.RiskCaseSerializer(many=True)} | errors(400, 403),
    )
    def get(self, request: Request) -> Response:
        """The queue, newest first."""
        rows = selectors.cases(
            state=self.word("state", selectors.STATES),
            kind=self.word("kind", selectors.KINDS),
            user_id=self.id("user"),
            score_min=self._score("min_score"),
        )
        return self.page(rows)

    def _score(self, name: str) -> float | None:
        asked = self.request.query_params.get(name, "")
        if not asked:
            return None
        try:
            score = float(asked)
        except ValueError:
            score = -1.0
        if not 0 <= score <= SCORE_MAX:  # neither is what is no number
            raise ValidationError({name: [f"must be a number from 0 to {SCORE_MAX}"]})
        return score


class CaseView(StaffView):
    """GET /api/admin/risk/cases/{id}/."""

    rights = {"GET": Right.PEOPLE}

    @extend_schema(
        operation_id="getRiskCase",
        summary="Show a case with its evidence",
        description="Each part of what was found in a sentence; the accounts around it as a "
        "graph; what happened as a time line.",
        tags=TAGS,
        responses={200: serializers.RiskCaseDetailSerializer} | errors(403, 404),
    )
    def get(self, request: Request, case_id: int) -> Response:
        """One case."""
        return shown(case_id)


class DecideCaseView(StaffView):
    """POST /api/admin/risk/cases/{id}/decide/."""

    rights = {"POST": Right.PEOPLE}

    @extend_schema(
        operation_id="decideRiskCase",
        summary="Decide a case",
        description="`dismiss` closes it, `watch` keeps it in sight, `require_deposit` closes it "
        "and refuses the account's bids until staff lift that. A case that is closed is opened "
        "again only by what happens after.",
        tags=TAGS,
        request=serializers.DecideCaseSerializer,
        responses={200: serializers.RiskCaseDetailSerializer} | errors(403, 404),
    )
    def post(self, request: Request, case_id: int) -> Response:
        """Decide it, on record."""
        body = self.read(serializers.DecideCaseSerializer)
        case_services.decide_case(case_id, actor_id=claims_of(request).user_id, **body)
        return shown(case_id)


def shown(case_id: int) -> Response:
    """Return a case with its evidence."""
    case = selectors.case(case_id)
    if case is None:
        raise Http404(NO_CASE)
    context = {"evidence": evidence_of(case)}
    return Response(serializers.RiskCaseDetailSerializer(case, context=context).data)


class DepositsView(StaffListView):
    """GET /api/admin/risk/deposits/."""

    rights = {"GET": Right.PEOPLE}
    serializer_class = serializers.DepositSerializer

    @extend_schema(
        operation_id="listDeposits",
        summary="List who may not bid without a deposit",
        tags=TAGS,
        responses={200: serializers.DepositSerializer(many=True)} | errors(400, 403),
    )
    def get(self, request: Request) -> Response:
        """Those it is asked of now, newest first."""
        return self.page(selectors.deposits(clock.now()))


class DepositView(StaffView):
    """PUT, DELETE /api/admin/risk/deposits/{user_id}/."""

    rights = {"PUT": Right.PEOPLE, "DELETE": Right.PEOPLE}

    @extend_schema(
        operation_id="requireDeposit",
        summary="Refuse an account's bids until it has left a deposit",
        tags=TAGS,
        request=serializers.RequireDepositSerializer,
        responses={200: serializers.DepositSerializer} | errors(403, 404),
    )
    def put(self, request: Request, user_id: int) -> Response:
        """Ask for one, until staff lift it."""
        body = self.read(serializers.RequireDepositSerializer)
        actor_id = claims_of(request).user_id
        case_services.set_deposit(user_id, actor_id=actor_id, needed=True, **body)
        need = selectors.deposit_of(user_id, clock.now())
        return Response(serializers.DepositSerializer(need).data)

    @extend_schema(
        operation_id="liftDeposit",
        summary="Let an account bid again",
        description="Because the deposit is there, or for mercy; 204 as well where none was "
        "needed.",
        tags=TAGS,
        responses={204: None} | errors(400, 403, 404),
    )
    def delete(self, request: Request, user_id: int) -> Response:
        """Lift it."""
        case_services.set_deposit(
            user_id, actor_id=claims_of(request).user_id, needed=False, reason=""
        )
        return Response(status=status.HTTP_204_NO_CONTENT)
