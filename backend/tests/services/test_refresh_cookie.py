"""The refresh token in an HttpOnly cookie: what the body lacks, who may use it, what ends it."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

ASKED = {"HTTP_X_REFRESH_COOKIE": "1"}
REFRESH = "/api/auth/token/refresh/"
ELSEWHERE: list[dict[str, Any]] = [
    {"HTTP_ORIGIN": "https://evil.example"},
    {"HTTP_ORIGIN": "null"},
    {"HTTP_ORIGIN": "http://testserver.evil.example"},
    {"HTTP_SEC_FETCH_SITE": "cross-site"},
    {"HTTP_SEC_FETCH_SITE": "same-site"},
]


@pytest.fixture
def browser() -> APIClient:
    return APIClient()


def log_in(browser: APIClient, **headers: Any) -> Any:
    user = UserFactory()
    body = {"username": user.username, "password": PASSWORD}
    return browser.post("/api/auth/token/", body, format="json", **{**ASKED, **headers})


def test_the_cookie_has_the_token_and_the_body_has_not(browser):
    answer = log_in(browser)
    cookie = answer.cookies["refresh"]
    assert set(answer.json()) == {"access"}
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert cookie["path"] == "/"


def test_over_https_the_cookie_is_bound_to_its_host(browser):
    cookie = log_in(browser, **{"wsgi.url_scheme": "https"}).cookies["__Host-refresh"]
    assert cookie["secure"]
    assert cookie["path"] == "/"
    assert not cookie["domain"]


def test_without_the_header_nothing_is_kept(browser):
    answer = log_in(browser, HTTP_X_REFRESH_COOKIE="0")
    assert set(answer.json()) == {"access", "refresh"}
    assert not answer.cookies


def test_registering_keeps_the_token_too(browser):
    body = {"username": "carla", "email": "carla@example.com", "password": PASSWORD}
    answer = browser.post("/api/users/register/", body, format="json", **ASKED)
    assert answer.status_code == 201
    assert "refresh" not in answer.json()
    assert "refresh" in answer.cookies


def test_a_page_gets_access_from_the_cookie_and_the_cookie_moves_on(browser):
    first = log_in(browser).cookies["refresh"].value
    answer = browser.post(REFRESH, {}, format="json", **ASKED)
    assert answer.status_code == 200
    assert set(answer.json()) == {"access"}
    assert answer.cookies["refresh"].value != first


def test_without_the_header_the_cookie_counts_for_nothing(browser):
    log_in(browser)
    assert browser.post(REFRESH, {}, format="json").status_code == 400


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_a_page_of_another_site_is_refused(browser, elsewhere):
    log_in(browser)
    answer = browser.post(REFRESH, {}, format="json", **ASKED, **elsewhere)
    assert answer.status_code == 403
    assert answer.json()["code"] == "cross_site"
    assert "access" not in answer.json()


def test_logging_out_ends_the_session_and_the_cookie(browser):
    kept = log_in(browser).cookies["refresh"].value
    answer = browser.post("/api/auth/logout/", {}, format="json", **ASKED)
    assert answer.status_code == 200
    assert answer.cookies["refresh"].value == ""
    browser.cookies["refresh"] = kept
    again = browser.post(REFRESH, {}, format="json", **ASKED)
    assert again.status_code == 401
    assert again.cookies["refresh"].value == ""


def test_no_other_door_takes_the_cookie(browser):
    log_in(browser)
    assert browser.get("/api/users/me/", **ASKED).status_code == 401
    assert browser.post("/api/auth/ws-ticket/", **ASKED).status_code == 401
