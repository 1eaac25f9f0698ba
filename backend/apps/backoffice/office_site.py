"""Django's admin for the long tail, below DJANGO_ADMIN_PATH: its doors. Its pages: office_pages."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from unfold.sites import UnfoldAdminSite
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextInputWidget

from apps.backoffice import office_access
from apps.backoffice.office_pages import PAGES
from apps.core.throttling import (
    CodeThrottle,
    LoginAccountThrottle,
    LoginAddressThrottle,
    RateThrottle,
    client_address,
)
from apps.users.rights import Right, may
from apps.users.rules import AccountError
from apps.users.services import Device

TOO_MANY = "Too many attempts; wait a minute"
#: Of Django's own: passwords are changed where accounts are; nothing is guessed by content type.
LEFT_OUT = {"password_change", "password_change_done", "view_on_site", "autocomplete"}


class LogInForm(forms.Form):
    """A name, a password and, where the account has one, a second factor."""

    username = forms.CharField(max_length=150, widget=UnfoldAdminTextInputWidget)
    password = forms.CharField(
        max_length=128, strip=False, widget=UnfoldAdminPasswordWidget(render_value=False)
    )
    code = forms.CharField(
        max_length=40,
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "one-time-code"}),
        help_text="Of the authenticator app, or a recovery code, where the account has either",
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the throttles of the API look at."""

    data: Any
    META: Any


class OfficeSite(UnfoldAdminSite):
    """Pages for administrators; what is registered says what may be changed."""

    site_title = site_header = settings.SITE_NAME
    index_title = "The long tail"
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        """Let administrators in."""
        return may(request.user, Right.HOUSE)

    def get_urls(self) -> list[Any]:
        """Return Django's own without what belongs elsewhere."""
        urls = [url for url in super().get_urls() if getattr(url, "name", "") not in LEFT_OUT]
        moved: list[URLPattern] = [
            path("password/", self.admin_view(to_settings), name="password_change")
        ]
        return [*moved, *urls]

    @method_decorator((csrf_protect, never_cache))
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Ask who it is; an administrator gets his cookie."""
        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index", current_app=self.name))
        form = LogInForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            answer = self._signed_in(request, form)
            if answer is not None:
                return answer
        status = 200 if request.method == "GET" else 400
        context = {
            **self.each_context(request),
            "title": "Log in",
            "form": form,
            "app_path": request.get_full_path(),
        }
        return TemplateResponse(request, "backoffice/login.html", context, status=status)

    def _signed_in(self, request: HttpRequest, form: LogInForm) -> HttpResponse | None:
        counts: list[RateThrottle] = [LoginAccountThrottle(), LoginAddressThrottle()]
        if form.cleaned_data["code"]:
            counts.append(CodeThrottle())
        asked: Any = _Asked(form.cleaned_data, request.META)
        if not all(count.allow_request(asked, None) for count in counts):  # type: ignore[arg-type]
            form.add_error(None, TOO_MANY)
            return None
        device = Device(request.META.get("HTTP_USER_AGENT", ""), client_address(request))
        try:
            signed_in = office_access.sign_in(**form.cleaned_data, device=device)
        except AccountError as refused:
            form.add_error(None, refused.message)
            return None
        for count in counts:
            count.forgive()
        response = HttpResponseRedirect(self._next(request))
        office_access.let_in(response, signed_in, secure=request.is_secure())
        return response

    def _next(self, request: HttpRequest) -> str:
        wanted = request.GET.get("next", "")
        is_ours = office_access.is_office(wanted) and url_has_allowed_host_and_scheme(
            wanted, allowed_hosts=None
        )
        return wanted if is_ours else reverse("admin:index", current_app=self.name)

    @method_decorator(never_cache)
    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """End the session; by a form of these pages only."""
        response = HttpResponseRedirect(reverse("admin:login", current_app=self.name))
        if request.method == "POST":
            office_access.show_out(request, response)
        return response


def to_settings(request: HttpRequest) -> HttpResponse:
    """Send who wants a new password to where it is set."""
    return HttpResponseRedirect("/settings")


site = OfficeSite(name="admin")
for model, page in PAGES:
    site.register(model, page)
