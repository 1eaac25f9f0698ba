"""Documents of money: numbered without gaps, issued once, frozen, read by whom they are for."""

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, connections, transaction
from hypothesis import given
from hypothesis import strategies as st

from apps.payments import invoicing
from apps.payments.invoice_pdf import draw_invoice
from apps.payments.models import DocumentSeries, Invoice, StateChange, Subscription
from apps.users.models import BusinessAccount
from domain.settlement import SubscriptionStatus
from tests.factories import UserFactory
from tests.money.papers import hold_of, paid_sale
from tests.money.test_invoice_pdf import content

pytestmark = pytest.mark.django_db

AT = datetime(2026, 2, 22, 10, 30, tzinfo=UTC)
CAUSE = "event:stripe:evt_1"


def bill(payment, at=AT):
    with transaction.atomic():
        return invoicing.issue_sale_invoice(payment, cause=CAUSE, at=at)


def credit(invoice, amount_minor, at=AT):
    with transaction.atomic():
        return invoicing.issue_credit_note(invoice, amount_minor, cause="staff:1", at=at)


@pytest.fixture
def paid(cast):
    """Return a function: a payment of bidder1 for something seller has sold."""
    return lambda **more: paid_sale(cast.seller, cast.bidder1, **more)


@pytest.fixture
def subscription(cast):
    """Return a subscription whose first month has been paid."""
    return Subscription.objects.create(
        user=cast.seller,
        plan="pro",
        currency="USD",
        price_minor=29_00,
        provider="paypal",
        provider_ref="I-1",
        status=SubscriptionStatus.ACTIVE,
        paid_until=AT + timedelta(days=30),
        created_at=AT,
    )


# --- what is issued ---------------------------------------------------------------------------


def test_a_paid_sale_is_billed_with_premium_and_tax(cast, paid, settings):
    settings.HOUSE_NAME, settings.HOUSE_ADDRESS, settings.HOUSE_TAX_ID = "Halcyon", "Dublin", "IE1"
    BusinessAccount.objects.create(
        user=cast.seller, company_name="Desks Ltd", tax_id="GB7", address="1 Elm Road"
    )
    payment = paid()

    invoice = bill(payment)

    assert invoice.number == "INV-2026-000001"
    assert (invoice.kind, invoice.status, invoice.user) == ("sale", "paid", cast.bidder1)
    assert (invoice.total_minor, invoice.currency) == (1332_80, "USD")
    frozen = invoice.content
    assert frozen["issuer"] == {"name": "Halcyon", "address": "Dublin", "tax_id": "IE1"}
    assert frozen["seller"] == {"name": "Desks Ltd", "address": "1 Elm Road", "tax_id": "GB7"}
    assert frozen["recipient"]["name"] == "bidder1"
    assert frozen["auction"] == {"id": payment.sale.auction_id, "title": "Walnut writing desk"}
    assert [(row["title"], row["amount_minor"], row["tax_bps"]) for row in frozen["lines"]] == [
        ("Walnut writing desk", 1000_00, 1900),
        ("Buyer's premium", 120_00, 1900),
    ]
    assert frozen["taxes"] == [
        {"name": "VAT", "rate_bps": 1900, "base_minor": 1120_00, "amount_minor": 212_80}
    ]
    assert (frozen["subtotal_minor"], frozen["total_minor"]) == (1120_00, 1332_80)
    assert frozen["payment"]["reference"] == payment.capture_ref
    assert frozen["issued_at"] == frozen["paid_at"] == "2026-02-22T10:30:00Z"
    assert frozen["play_money"] is False


def test_without_premium_and_tax_there_is_neither_a_line_nor_a_tax(paid):
    frozen = bill(paid(premium_minor=0, tax_bps=0, tax_minor=0)).content

    assert len(frozen["lines"]) == 1
    assert frozen["taxes"] == []


def test_issued_and_paid_are_two_arrows_of_its_history(paid):
    invoice = bill(paid())

    changes = StateChange.objects.filter(kind="invoice", object_id=invoice.pk).order_by("pk")
    assert [(row.was, row.became, row.cause) for row in changes] == [
        ("", "issued", CAUSE),
        ("issued", "paid", CAUSE),
    ]


def test_a_sale_is_billed_once(paid):
    payment = paid()

    assert bill(payment).pk == bill(payment).pk
    assert Invoice.objects.count() == 1
    assert DocumentSeries.objects.get().last == 1


def test_the_seller_is_billed_for_the_commission_kept_back(cast, paid):
    hold = hold_of(paid())
    with transaction.atomic():
        issue = invoicing.issue_commission_invoice
        invoice = issue(hold, commission_minor=100_00, cause=CAUSE, at=AT)
        again = issue(hold, commission_minor=100_00, cause=CAUSE, at=AT)

    assert again.pk == invoice.pk
    assert (invoice.kind, invoice.status, invoice.user) == ("commission", "paid", cast.seller)
    assert (invoice.total_minor, invoice.content["subtotal_minor"]) == (100_00, 100_00)
    assert invoice.content["recipient"]["name"] == "seller"
    assert (invoice.content["payment"], invoice.content["seller"]) == (None, None)


def test_a_subscriber_is_billed_once_for_each_month(subscription):
    numbers = []
    for days in (30, 30, 61):
        subscription.paid_until = AT + timedelta(days=days)
        with transaction.atomic():
            issued = invoicing.issue_subscription_invoice(subscription, cause=CAUSE, at=AT)
        numbers.append(issued.number)

    assert numbers == ["INV-2026-000001", "INV-2026-000001", "INV-2026-000002"]
    assert issued.content["lines"][0]["title"] == "Plan pro"
    assert issued.content["lines"][0]["detail"] == "Paid until 2026-04-24"
    assert issued.content["payment"]["reference"] == "I-1"


def test_an_invoice_is_for_the_company_behind_an_account_if_there_is_one(cast, paid):
    cast.bidder1.first_name, cast.bidder1.last_name = "Ada", "Byron"
    cast.bidder1.profile.location = "London"
    assert bill(paid()).content["recipient"] == {
        "name": "Ada Byron",
        "address": "London",
        "tax_id": "",
    }
    BusinessAccount.objects.create(user=cast.bidder1, company_name="Engines Ltd", tax_id="GB1")
    assert bill(paid()).content["recipient"]["name"] == "Engines Ltd"


def test_a_seller_without_a_company_is_known_to_the_buyer_by_his_user_name_alone(cast, paid):
    cast.seller.first_name, cast.seller.profile.location = "Wilhelmina", "Elm Road"

    assert bill(paid()).content["seller"] == {"name": "seller", "address": "", "tax_id": ""}


def test_a_document_is_issued_inside_a_transaction_only(transactional_db):
    payment = paid_sale(UserFactory(), UserFactory())

    with pytest.raises(RuntimeError, match="inside the transaction"):
        invoicing.issue_sale_invoice(payment, cause=CAUSE, at=AT)
    assert not DocumentSeries.objects.exists()


# --- numbers ----------------------------------------------------------------------------------


def test_each_year_kind_and_play_money_has_a_series_of_its_own(paid):
    numbers = [
        bill(paid()).number,
        bill(paid(), at=datetime(2026, 12, 31, 23, 59, tzinfo=UTC)).number,
        bill(paid(), at=datetime(2027, 1, 1, tzinfo=UTC)).number,
        bill(paid(provider="sandbox")).number,
    ]
    real, play = Invoice.objects.get(number=numbers[0]), Invoice.objects.get(number=numbers[3])
    notes = [credit(real, 1), credit(real, 1), credit(play, 1)]

    assert numbers == ["INV-2026-000001", "INV-2026-000002", "INV-2027-000001", "PLAY-2026-000001"]
    assert [note.number for note in notes] == [
        "CN-2026-000001",
        "CN-2026-000002",
        "PLAYCN-2026-000001",
    ]
    assert play.content["play_money"] is True
    assert notes[2].content["play_money"] is True


class Undone(Exception):
    """The transaction goes wrong after the document was issued."""


THREADS, ROUNDS = 6, 10
WAIT_SECONDS_MAX = 20


def in_threads(work):
    """Run `work(index)` in THREADS threads at once; returns what each returned."""
    together = threading.Barrier(THREADS)

    def run(index):
        try:
            together.wait(WAIT_SECONDS_MAX)
            return work(index)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def test_control_counting_documents_gives_many_the_same_number(transactional_db):
    all_have_counted = threading.Barrier(THREADS)

    def work(_):
        number = Invoice.objects.count() + 1
        all_have_counted.wait(WAIT_SECONDS_MAX)
        return number

    assert in_threads(work) == [1] * THREADS


def test_numbers_have_no_gaps_and_no_doubles_whatever_is_rolled_back(transactional_db):
    seller, buyer = UserFactory(), UserFactory()
    payments = [[paid_sale(seller, buyer) for _ in range(ROUNDS)] for _ in range(THREADS)]

    def work(index):
        for turn, payment in enumerate(payments[index]):
            try:
                with transaction.atomic():
                    invoicing.issue_sale_invoice(payment, cause=CAUSE, at=AT)
                    if (index + turn) % 3 == 0:
                        raise Undone
            except Undone:
                continue

    in_threads(work)

    numbers = sorted(Invoice.objects.values_list("number", flat=True))
    assert numbers == [f"INV-2026-{number:06d}" for number in range(1, 41)]
    assert DocumentSeries.objects.get().last == 40


def test_the_first_document_of_a_year_has_no_race(transactional_db):
    seller, buyer = UserFactory(), UserFactory()
    payments = [paid_sale(seller, buyer) for _ in range(THREADS)]

    issued = in_threads(lambda index: bill(payments[index]).number)

    assert sorted(issued) == [f"INV-2026-{number:06d}" for number in range(1, THREADS + 1)]


# --- credit notes -----------------------------------------------------------------------------


def test_a_full_credit_note_repeats_the_invoice_and_voids_it(paid):
    invoice = bill(paid())

    note = credit(invoice, 1332_80)

    invoice.refresh_from_db()
    assert invoice.status == "void"
    assert (note.kind, note.status, note.corrects_id) == ("credit_note", "issued", invoice.pk)
    assert (note.user_id, note.payment_id) == (invoice.user_id, invoice.payment_id)
    for name in ("lines", "taxes", "subtotal_minor", "total_minor", "recipient", "payment"):
        assert note.content[name] == invoice.content[name]
    assert note.content["corrects"] == {
        "number": "INV-2026-000001",
        "issued_at": "2026-02-22T10:30:00Z",
    }
    assert note.content["paid_at"] is None
    last = StateChange.objects.filter(kind="invoice", object_id=invoice.pk).latest("pk")
    assert (last.was, last.became, last.cause) == ("paid", "void", "staff:1")


def test_a_part_leaves_the_invoice_and_the_last_part_voids_it(paid):
    invoice = bill(paid())

    first = credit(invoice, 332_80)
    invoice.refresh_from_db()
    assert invoice.status == "paid"
    assert first.content["lines"][0]["title"] == "Credit on invoice INV-2026-000001"
    assert first.content["lines"][0]["detail"] == "Walnut writing desk"
    assert first.content["subtotal_minor"] + first.content["taxes"][0]["amount_minor"] == 332_80

    second = credit(invoice, 1000_00)
    invoice.refresh_from_db()
    assert invoice.status == "void"
    taken = [note.content["taxes"][0]["amount_minor"] for note in (first, second)]
    assert sum(taken) == 212_80


def test_never_more_is_taken_back_than_was_billed(paid):
    invoice = bill(paid())
    credit(invoice, 1000_00)

    for amount_minor in (332_81, 0, -1):
        with pytest.raises(invoicing.NotCreditable):
            credit(invoice, amount_minor)
    note = credit(invoice, 332_80)
    for document in (invoice, note):
        with pytest.raises(invoicing.NotCreditable):
            credit(document, 1)
    assert DocumentSeries.objects.get(name="CN-2026").last == 2


def test_of_full_credit_notes_at_once_one_is_issued(transactional_db):
    invoice = bill(paid_sale(UserFactory(), UserFactory()))

    def work(_):
        try:
            return credit(invoice, invoice.total_minor).number
        except invoicing.NotCreditable:
            return None

    found = in_threads(work)

    assert sorted(filter(None, found)) == ["CN-2026-000001"]
    assert invoice.credit_notes.count() == 1


@given(st.integers(1, 10**12), st.integers(0, 10**11), st.lists(st.integers(1, 10**12), max_size=6))
def test_credit_notes_take_back_all_of_the_tax_and_never_a_negative_part(net, tax, parts):
    billed = {
        **content(),
        "subtotal_minor": net,
        "total_minor": net + tax,
        "taxes": [{"name": "VAT", "rate_bps": 1, "base_minor": net, "amount_minor": tax}],
    }
    earlier, taken = 0, [0, 0]
    for part in [*parts, net + tax]:
        amount_minor = min(part, net + tax - earlier)
        if amount_minor == 0:
            break
        found = invoicing._credited(billed, amount_minor, earlier)
        both = [found["subtotal_minor"], found["taxes"][0]["amount_minor"]]
        assert min(both) >= 0
        assert sum(both) == amount_minor
        taken = [so_far + more for so_far, more in zip(taken, both, strict=True)]
        earlier += amount_minor

    assert taken == [net, tax]


# --- frozen -----------------------------------------------------------------------------------

CHANGES = {
    "number": "INV-2026-000777",
    "kind": "commission",
    "user_id": 1,
    "payment_id": None,
    "corrects_id": 1,
    "source_key": "other",
    "currency": "EUR",
    "total_minor": 1,
    "content": {},
    "pdf_sha256": "0" * 64,
    "issued_at": AT + timedelta(seconds=1),
}


def test_of_an_invoice_only_the_status_changes(paid):
    invoice = bill(paid())
    known = {field.attname for field in Invoice._meta.concrete_fields}
    assert {*CHANGES, "id", "status"} == known

    for name, value in CHANGES.items():
        with pytest.raises(DatabaseError, match="invoice_kept"), transaction.atomic():
            Invoice.objects.filter(pk=invoice.pk).update(**{name: value})
    Invoice.objects.filter(pk=invoice.pk).update(status="void")

    assert Invoice.objects.get().content == invoice.content


def test_documents_and_series_are_neither_deleted_nor_counted_back(paid):
    invoice = bill(paid())

    for statement in (
        "DELETE FROM payments_invoice",
        "DELETE FROM payments_documentseries",
        "UPDATE payments_documentseries SET last = 0",
        "UPDATE payments_documentseries SET last = last + 2",
        "UPDATE payments_documentseries SET name = 'INV-1999', last = last + 1",
        "INSERT INTO payments_documentseries (name, last) VALUES ('INV-2030', 7)",
    ):
        with (
            pytest.raises(DatabaseError, match=r"(invoice|series)_kept"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    with pytest.raises(DatabaseError, match="invoice_kept"), transaction.atomic():
        invoice.delete()


def test_a_table_of_documents_is_not_emptied_nor_a_document_replaced(paid):
    bill(paid())
    connection.check_constraints()  # nothing may be pending when PostgreSQL empties a table
    statement = {
        "postgresql": "TRUNCATE payments_invoice CASCADE",
        "sqlite": "INSERT OR REPLACE INTO payments_invoice SELECT * FROM payments_invoice",
    }[connection.vendor]

    with (
        pytest.raises(DatabaseError, match="invoice_kept"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_the_file_is_drawn_from_what_is_frozen_whatever_has_changed_since(cast, paid, settings):
    payment = paid()
    invoice = bill(payment)
    issued = draw_invoice(invoice.content)

    payment.sale.auction.title = "Something else"
    payment.sale.auction.save()
    cast.bidder1.first_name = "Other"
    cast.bidder1.save()
    settings.HOUSE_NAME = "Other"
    found = Invoice.objects.get()

    assert invoicing.pdf_of(found) == issued
    assert hashlib.sha256(issued).hexdigest() == found.pdf_sha256


def tampered(invoice):
    """Change a content as only the tables' owner can."""
    connection.check_constraints()  # nothing may be pending when PostgreSQL alters a table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER payments_invoice_update")
        else:
            cursor.execute("ALTER TABLE payments_invoice DISABLE TRIGGER payments_invoice_guard")
    Invoice.objects.filter(pk=invoice.pk).update(content={**invoice.content, "total_minor": 1})
    return Invoice.objects.get(pk=invoice.pk)


def test_a_document_changed_past_the_guards_is_not_handed_out(cast, api, paid):
    invoice = tampered(bill(paid()))

    with pytest.raises(invoicing.AlteredInvoice):
        invoicing.pdf_of(invoice)
    answer = api(cast.bidder1).get(f"/api/invoices/{invoice.pk}/")
    assert answer.status_code == 500
    assert answer.json()["error"].startswith("This document is no longer what was issued")


def test_after_an_upgrade_of_what_draws_it_a_document_can_still_be_had(paid, monkeypatch):
    invoice = tampered(bill(paid()))  # stands for bytes that a newer library draws otherwise
    monkeypatch.setattr(invoicing, "toolkit", lambda: "reportlab 6.0.0")

    assert invoicing.pdf_of(invoice).startswith(b"%PDF")


# --- HTTP -------------------------------------------------------------------------------------


def test_everybody_lists_his_own_documents_newest_first(cast, api, paid):
    payment = paid()
    invoice = bill(payment)
    note = credit(invoice, 32_80)
    with transaction.atomic():
        invoicing.issue_commission_invoice(
            hold_of(payment), commission_minor=100_50, cause=CAUSE, at=AT
        )

    mine = api(cast.bidder1).get("/api/invoices/").json()

    assert (mine["count"], mine["next"], mine["previous"]) == (2, None, None)
    assert mine["results"] == [
        {
            "id": note.pk,
            "number": "CN-2026-000001",
            "kind": "credit_note",
            "status": "issued",
            "total": 32.8,
            "currency": "USD",
            "issued_at": "2026-02-22T10:30:00Z",
            "auction_id": payment.sale.auction_id,
            "credit_of": invoice.pk,
        },
        {
            "id": invoice.pk,
            "number": "INV-2026-000001",
            "kind": "sale",
            "status": "paid",
            "total": 1332.8,
            "currency": "USD",
            "issued_at": "2026-02-22T10:30:00Z",
            "auction_id": payment.sale.auction_id,
            "credit_of": None,
        },
    ]
    his = api(cast.seller).get("/api/invoices/").json()
    assert [(row["kind"], row["total"]) for row in his["results"]] == [("commission", 100.5)]
    for other in (cast.stranger, cast.staff):
        assert api(other).get("/api/invoices/").json()["results"] == []


def test_a_payment_names_its_buyers_documents_and_not_the_sellers(cast, api, paid):
    payment = paid()
    invoice = bill(payment)
    with transaction.atomic():
        invoicing.issue_commission_invoice(
            hold_of(payment), commission_minor=100_00, cause=CAUSE, at=AT
        )

    body = api(cast.bidder1).get(f"/api/payments/{payment.pk}/").json()

    assert body["invoices"] == [{"id": invoice.pk, "number": invoice.number}]


def test_a_list_costs_the_same_however_long_it_is(cast, api, paid, django_assert_max_num_queries):
    for _ in range(5):
        bill(paid())
    client = api(cast.bidder1)

    with django_assert_max_num_queries(3) as seen:
        assert len(client.get("/api/invoices/").json()["results"]) == 5
    assert all('"content"' not in query["sql"] for query in seen.captured_queries)


def test_the_file_is_the_same_at_every_download_and_named_by_its_number(cast, api, paid):
    invoice = bill(paid(title='desk"; filename="evil.exe\r\nX-Evil: 1'))
    client = api(cast.bidder1)

    answers = [client.get(f"/api/invoices/{invoice.pk}/") for _ in range(2)]

    for answer in answers:
        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-")
        assert hashlib.sha256(answer.content).hexdigest() == invoice.pdf_sha256
        assert answer["ETag"] == f'"{invoice.pdf_sha256}"'
        assert answer["Content-Disposition"] == 'attachment; filename="INV-2026-000001.pdf"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "private, no-cache"
        assert "X-Evil" not in answer


def test_who_has_the_file_is_not_sent_it_again(cast, api, paid):
    invoice = bill(paid())
    client = api(cast.bidder1)
    tag = client.get(f"/api/invoices/{invoice.pk}/")["ETag"]

    answer = client.get(f"/api/invoices/{invoice.pk}/", HTTP_IF_NONE_MATCH=f'"other", {tag}')

    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)
    other = client.get(f"/api/invoices/{invoice.pk}/", HTTP_IF_NONE_MATCH='"other"')
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "application/pdf"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/pdf"),
        ("application/pdf", "application/pdf"),
        ("application/json", "application/json"),
    ],
)
def test_a_document_comes_as_a_file_unless_json_is_asked_for(cast, api, paid, accept, kind):
    invoice = bill(paid())

    answer = api(cast.bidder1).get(f"/api/invoices/{invoice.pk}/", HTTP_ACCEPT=accept)

    assert (answer.status_code, answer["Content-Type"]) == (200, kind)
    assert "Accept" in answer["Vary"]


def test_as_json_a_document_is_its_frozen_content_and_its_status(cast, api, paid):
    invoice = bill(paid())
    credit(invoice, invoice.total_minor)

    body = (
        api(cast.bidder1).get(f"/api/invoices/{invoice.pk}/", HTTP_ACCEPT="application/json").json()
    )

    assert body["content"] == invoice.content
    assert (body["status"], body["number"]) == ("void", "INV-2026-000001")
    assert (body["total"], body["pdf_sha256"]) == (1332.8, invoice.pdf_sha256)


@pytest.mark.parametrize("accept", ["*/*", "application/pdf", "application/json"])
def test_anothers_document_is_as_absent_as_one_that_is_not_there(cast, api, paid, accept):
    invoice = bill(paid())

    answers = [
        api(user).get(f"/api/invoices/{pk}/", HTTP_ACCEPT=accept)
        for user, pk in (
            (cast.seller, invoice.pk),
            (cast.stranger, invoice.pk),
            (cast.stranger, invoice.pk + 1000),
            (cast.staff, invoice.pk + 1000),
        )
    ]

    for answer in answers:
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")
        assert answer.json() == {"error": "Invoice not found"}


def test_staff_read_every_document(cast, api, paid):
    invoice = bill(paid())

    answer = api(cast.staff).get(f"/api/invoices/{invoice.pk}")

    assert hashlib.sha256(answer.content).hexdigest() == invoice.pdf_sha256


def test_strangers_without_a_token_see_nothing(api, paid):
    invoice = bill(paid())

    for path in ("/api/invoices/", f"/api/invoices/{invoice.pk}/"):
        answer = api(None).get(path)
        assert answer.status_code == 401
        assert answer.json() == {"detail": "Authentication credentials were not provided."}


def test_a_type_nobody_draws_is_refused_in_json(cast, api, paid):
    invoice = bill(paid())

    answer = api(cast.bidder1).get(f"/api/invoices/{invoice.pk}/", HTTP_ACCEPT="image/png")

    assert (answer.status_code, answer["Content-Type"]) == (406, "application/json")
    assert "error" in answer.json()


def test_documents_are_read_and_nothing_else(cast, api, paid):
    invoice = bill(paid())

    for method in ("post", "put", "patch", "delete"):
        answer = getattr(api(cast.bidder1), method)(f"/api/invoices/{invoice.pk}/", {})
        assert answer.status_code == 405
