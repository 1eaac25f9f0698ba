"""The one page of PayPal's a buyer sees: he agrees to an order, or goes back."""

from html import escape
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.fakepay.paypal_orders import approve
from tests.fakepay.paypal_views import PAYER
from tests.fakepay.wire import Request, Response
from tests.fakepay.world import Thing, World

PATH = "/checkoutnow"
_HTML = {"Content-Type": "text/html; charset=utf-8"}
_PAGE = """<!doctype html><html lang="en"><title>PayPal</title>
<h1>Pay {value} {currency}</h1><p>{description}</p>
<form method="post"><button>Agree and pay</button></form><a href="{back}">Cancel and go back</a>
</html>"""


def answer(world: World, request: Request) -> Response:
    """Show the page (GET), or agree (POST) and lead back to the shop."""
    (token,) = parse_qs(request.query).get("token", [""])
    order = world.paypal.by_id.get(token)
    if order is None or order["kind"] != "order":
        return Response(404, b"There is no such order.", _HTML)
    if request.method == "POST":
        approve(world, order)
        there = _address(order, "return_url", token=token, PayerID=PAYER["payer_id"])
        return Response(303, b"", {"Location": there})
    unit = order["purchase_units"][0]
    page = _PAGE.format(
        value=escape(unit["amount"]["value"]),
        currency=escape(unit["amount"]["currency_code"]),
        description=escape(unit.get("description", "")),
        back=escape(_address(order, "cancel_url", token=token)),
    )
    return Response(200, page.encode(), _HTML)


def _address(order: Thing, name: str, **facts: str) -> str:
    """Return the shop's address with what PayPal adds to it."""
    address = order["experience"].get(name, "")
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(facts)}"
