"""What the house itself answers: health, figures, documentation, files, errors."""

import json
import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.contrib.staticfiles import finders
from drf_spectacular.generators import SchemaGenerator


@pytest.mark.parametrize("path", ["/healthz", "/healthz/", "/readyz", "/readyz/", "/metrics"])
def test_operator_gets_200(api, path):
    assert api().get(path).status_code == 200


def test_operator_sees_each_check_of_a_ready_house(api):
    body = api().get("/readyz").json()

    assert body["status"] == "ready"
    assert {name: check["ok"] for name, check in body["checks"].items()} == {
        "database": True,
        "layer": True,
        "closer": True,
        "ledger": True,
    }


@pytest.mark.parametrize("path", ["/api/docs/", "/api/redoc/"])
def test_documentation_asks_no_other_host_for_anything(api, path):
    page = api().get(path).content.decode()

    assert "/static/drf_spectacular_sidecar/" in page
    assert "https://" not in page


@pytest.mark.parametrize("path", ["/api/docs/", "/api/redoc/"])
def test_everything_the_documentation_names_is_on_this_machine(api, path):
    page = api().get(path).content.decode()
    named = re.findall(r"[\"'](/static/[^\"']+)", page)

    assert named
    assert [file for file in named if not finders.find(file.removeprefix("/static/"))] == []


def test_redoc_may_not_fetch_its_makers_logo(api):
    assert "img-src 'self' data:" in api().get("/api/redoc/").content.decode()


@pytest.mark.parametrize(
    ("accept", "media_type", "read"),
    [
        ("application/json", "application/json", json.loads),
        ("application/yaml", "application/yaml", yaml.safe_load),
        ("text/html", "application/vnd.oai.openapi", yaml.safe_load),
    ],
)
def test_document_is_the_same_in_every_format_and_each_time(api, accept, media_type, read):
    first, again = (api().get("/api/schema/", headers={"Accept": accept}) for _ in range(2))

    assert first["Content-Type"] == media_type
    assert first.content == again.content
    assert read(first.content)["paths"].keys() == openapi_paths()


def openapi_paths() -> set[str]:
    return set(SchemaGenerator().get_schema(request=None, public=True)["paths"])


def test_visitor_gets_json_for_an_unknown_path(api):
    answer = api().get("/nowhere")

    assert (answer.status_code, answer.json()) == (404, {"error": "Not found"})


def test_image_is_served_with_nothing_a_browser_could_run(api):
    _store("photo.jpg", b"\xff\xd8\xff")

    answer = api().get("/media/photo.jpg")

    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == b"\xff\xd8\xff"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "immutable" in answer["Cache-Control"]


def test_file_that_is_no_image_is_offered_for_download_only(api):
    _store("page.html", b"<script>alert(1)</script>")

    answer = api().get("/media/page.html")

    assert answer["Content-Disposition"] == "attachment"
    answer.close()


@pytest.mark.parametrize(
    "path", ["../settings/base.py", "..%2f..%2fetc/passwd", "a%00b", "", "folder/", "absent.jpg"]
)
def test_path_outside_the_uploads_does_not_exist(api, path):
    assert api().get(f"/media/{path}").status_code == 404


def _store(name: str, content: bytes) -> None:
    (Path(settings.MEDIA_ROOT) / name).write_bytes(content)
