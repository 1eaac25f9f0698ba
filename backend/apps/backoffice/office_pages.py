"""What Django's admin shows, and the little that is changed there.

Categories and fee schedules have no other door; each change of one is a row of the log of staff,
written in its transaction. All else is read only: bids, money, history and accounts are changed by
their services, which these pages do not go past. Secrets have no column here: maximums, reserves,
hashes of passwords, what only a buyer needs to pay.
"""

from typing import Any

from django import forms
from django.db.models import Model
from django.forms.models import model_to_dict
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from apps.auctions.models import Auction, Category, FeeSchedule
from apps.backoffice import audit
from apps.backoffice.models import Appeal, AuditEntry, Ban, Report, SiteSetting
from apps.bidding.models import Bid, BidHistory
from apps.core import clock
from apps.payments.models import (
    Escrow,
    EscrowDispute,
    Invoice,
    LedgerAccount,
    LedgerEntry,
    LedgerTransaction,
    Payment,
    Sale,
    Strike,
    Subscription,
)
from apps.users.models import User

ROWS_ON_A_PAGE = 50


class Page(ModelAdmin):
    """Rows that are shown and left as they are."""

    actions = None
    list_per_page = ROWS_ON_A_PAGE
    show_full_result_count = False
    ordering = ("-pk",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever is let in may look."""
        return True

    def has_module_permission(self, request: HttpRequest) -> bool:
        """As above."""
        return True

    def has_add_permission(self, request: HttpRequest, *_: Any) -> bool:
        """Not here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not here."""
        return False


class ChangedHere(Page):
    """Rows that are changed here; each change is written down with what was and what is."""

    word = ""  # of the acts: {word}.add, {word}.change, {word}.delete

    def has_add_permission(self, request: HttpRequest, *_: Any) -> bool:
        """Whoever is let in may."""
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever is let in may."""
        return True

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever is let in may; what is referred to stays."""
        return True

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Save a row and write it down, in the page's transaction."""
        before = self.shown(type(obj)._default_manager.get(pk=obj.pk)) if change else {}
        super().save_model(request, obj, form, change)
        after = self.shown(obj)
        if after != before:
            self._write_down("change" if change else "add", request, obj, before, after)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        """Delete a row and write it down, in the page's transaction."""
        before, row_id = self.shown(obj), obj.pk
        super().delete_model(request, obj)
        obj.pk = row_id
        self._write_down("delete", request, obj, before, {})

    def shown(self, row: Any) -> dict[str, Any]:
        """Return a row as the log of staff keeps it."""
        return model_to_dict(row)

    def _write_down(
        self, what: str, request: HttpRequest, obj: Model, before: Any, after: Any
    ) -> None:
        audit.record(
            audit.Act(f"{self.word}.{what}"),
            actor_id=request.user.pk,
            target_id=obj.pk,
            before=before,
            after=after,
            at=clock.now(),
        )


class CategoryForm(forms.ModelForm):
    """A category; none lies within itself."""

    class Meta:
        model = Category
        fields = ("name", "slug", "parent", "increment_table")

    def clean_parent(self) -> Category | None:
        """Refuse a parent that lies below the category."""
        parent: Category | None = self.cleaned_data["parent"]
        parent_of = dict(Category.objects.values_list("pk", "parent_id"))
        above = None if parent is None else parent.pk
        while above is not None:
            if above == self.instance.pk:
                raise forms.ValidationError("A category cannot lie within itself")
            above = parent_of[above]
        return parent


class NamesCategories(ChangedHere):
    """Its choice of a category shows names."""

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Name the categories there are."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.label_from_instance = lambda row: row.name
        return field


class CategoryPage(NamesCategories):
    """The tree of things for sale."""

    word = "category"
    form = CategoryForm
    list_display = ("name", "slug", "parent", "increment_table")
    list_select_related = ("parent",)
    search_fields = ("name", "slug")
    ordering = ("name",)

    def shown(self, row: Any) -> dict[str, Any]:
        """Return a category with its fees, which go with it."""
        fees = [model_to_dict(schedule) for schedule in FeeSchedule.objects.filter(category=row)]
        return model_to_dict(row) | ({"fees": fees[0]} if fees else {})


class FeeSchedulePage(NamesCategories):
    """What sales of a category bear, from the next sale on."""

    word = "fees"
    list_display = ("pk", "category", "commission_bps", "premium_tiers", "tax_bps", "tax_name")
    list_select_related = ("category",)
    fields = ("category", "commission_bps", "premium_tiers", "tax_bps", "tax_name")


class UserPage(Page):
    """Accounts; status and role are changed at /api/admin/users/."""

    list_display = ("username", "email", "is_active", "is_staff", "duty", "can_sell", "banned_at")
    search_fields = ("username", "email")
    fields = (
        "username", "email", "email_verified_at", "first_name", "last_name", "is_active",
        "is_staff", "duty", "can_sell", "banned_at", "banned_reason", "date_joined", "last_login",
    )  # fmt: skip


def _listed(model: type[Model], columns: str, *, search: str = "") -> tuple[type[Model], Any]:
    """Return a page of a table that shows these columns and no others."""
    names = tuple(columns.split())
    foreign = tuple(
        name for name in names if name != "pk" and model._meta.get_field(name).is_relation
    )
    body = {
        "list_display": names,
        "fields": tuple(name for name in names if name != "pk"),
        "list_select_related": foreign,
        "search_fields": tuple(search.split()),
        "__module__": __name__,
        "__doc__": f"{model.__name__} as stored.",
    }
    return model, type(f"{model.__name__}Page", (Page,), body)


PAGES: tuple[tuple[type[Model], Any], ...] = (
    (Category, CategoryPage),
    (FeeSchedule, FeeSchedulePage),
    (User, UserPage),
    _listed(
        Auction,
        "pk title description seller category condition closing currency starting_minor status "
        "price_minor total_bids winner final_minor start_at end_at ended_at created_at",
        search="title",
    ),
    _listed(Bid, "pk auction bidder amount_minor auto led seq placed_at void"),
    _listed(BidHistory, "pk auction number seq type bidder amount_minor at"),
    _listed(
        Sale,
        "pk auction seller buyer currency hammer_minor premium_minor tax_minor total_minor "
        "commission_minor status due_at created_at",
    ),
    _listed(
        Payment,
        "pk sale buyer method provider currency amount_minor refunded_minor status provider_ref "
        "failure created_at paid_at",
        search="provider_ref",
    ),
    _listed(
        Escrow,
        "pk payment seller buyer currency amount_minor released_minor refunded_minor lost_minor "
        "state held_at release_at",
    ),
    _listed(
        EscrowDispute,
        "pk escrow opened_by reason description amount_minor opened_at outcome decided_by "
        "decided_at",
    ),
    _listed(LedgerAccount, "pk name currency sign guarded balance_minor"),
    _listed(LedgerTransaction, "key cause reverses at"),
    _listed(LedgerEntry, "pk transaction account currency amount_minor"),
    _listed(Invoice, "pk number kind user currency total_minor status issued_at"),
    _listed(
        Subscription,
        "pk user plan provider status currency price_minor current_period_end created_at",
    ),
    _listed(Strike, "pk user sale at"),
    _listed(
        Report, "pk kind target_id reporter judged reason description state note due_at created_at"
    ),
    _listed(Appeal, "pk act user text state note decided_by decided_at due_at created_at"),
    _listed(Ban, "pk user until_at"),
    _listed(SiteSetting, "pk name value changed_at"),
    _listed(AuditEntry, "pk at actor act target_kind target_id before after reason"),
)
