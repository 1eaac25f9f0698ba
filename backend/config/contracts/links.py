"""What an answer leads to: OpenAPI links, from one operation's answer to the next one's request."""

from collections.abc import Iterable
from typing import Any

Node = dict[str, Any]

_ID = "$response.body#/id"
_FIRST = "$response.body#/results/0/id"


def _to(operations: str, **parameters: str) -> Node:
    return {
        name[0].upper() + name[1:]: {"operationId": name, "parameters": parameters}
        for name in operations.split()
    }


def _sending(operation: str, **body: str) -> Node:
    return {operation[0].upper() + operation[1:]: {"operationId": operation, "requestBody": body}}


_AUCTION = (
    "getAuction editAuction deleteAuction activateAuction endAuction buyNow watchAuction "
    "unwatchAuction uploadAuctionImages"
)
_PRODUCT = (
    "getProduct uploadProductImages placeProductBid listProductBids getHighestProductBid "
    "listMyProductBids"
)
_HOLD = "getEscrow releaseEscrow refundEscrow disputeEscrow"
_RULE = "getAutoBid changeAutoBid deleteAutoBid"

#: Operation -> status -> links.
LINKS: dict[str, dict[str, Node]] = {
    "listReports": {"200": _to("resolveReport", report_id=_FIRST)},
    "listAppeals": {"200": _to("decideAppeal", appeal_id=_FIRST)},
    "listRiskCases": {"200": _to("getRiskCase", case_id=_FIRST)},
    "listUsers": {"200": _to("changeUser banUser", user_id=_FIRST)},
    "listAllAuctions": {"200": _to("removeAuction", auction_id=_FIRST)},
    "createAuction": {"201": _to(_AUCTION, auction_id=_ID)},
    "listAuctions": {"200": _to("getAuction", auction_id=_FIRST)},
    "listActiveAuctions": {"200": _to("getAuction buyNow endAuction", auction_id=_FIRST)},
    "activateAuction": {"200": _to("endAuction buyNow", auction_id=_ID)},
    "uploadAuctionImages": {
        "201": _to(
            "deleteAuctionImage",
            auction_id="$request.path.auction_id",
            image_id="$response.body#/0/id",
        )
    },
    "placeBid": {"201": _to("getAuction", auction_id="$response.body#/auction_id")},
    "createAutoBid": dict.fromkeys(("200", "201"), _to(_RULE, rule_id=_ID)),
    "createProduct": {"201": _to(_PRODUCT, product_id=_ID)},
    "placeProductBid": {
        "201": _to("sellProduct", product_id="$response.body#/product_id", bid_id=_ID)
    },
    "createPayment": dict.fromkeys(
        ("200", "201"), _to("getPayment confirmPayment", payment_id=_ID)
    ),
    "confirmPayment": {
        "200": _to(_HOLD, escrow_id="$response.body#/escrow_id")
        | _to("getInvoice", invoice_id="$response.body#/invoices/0/id")
    },
    "listPayments": {"200": _to("getPayment", payment_id=_FIRST)},
    "listEscrow": {"200": _to(_HOLD, escrow_id=_FIRST)},
    "disputeEscrow": {"201": _to("resolveEscrow", escrow_id=_ID)},
    "listInvoices": {"200": _to("getInvoice", invoice_id=_FIRST)},
    "sendMessage": {
        "201": _to("markMessageRead", message_id=_ID)
        | _to("listConversationMessages", conversation_id="$response.body#/conversation_id")
    },
    "listConversations": {"200": _to("listConversationMessages", conversation_id=_FIRST)},
    "blockUser": dict.fromkeys(
        ("200", "201"), _to("unblockUser", user_id="$response.body#/user/id")
    ),
    "listNotifications": {"200": _to("readNotification", notification_id=_FIRST)},
    "getPush": {
        "200": _to("unsubscribeFromPush", subscription_id="$response.body#/subscriptions/0/id")
    },
    "subscribeToPush": dict.fromkeys(
        ("200", "201"), _to("unsubscribeFromPush", subscription_id=_ID)
    ),
    "listDemoMails": {"200": _to("getDemoMail", mail_id=_FIRST)},
    "listUnreadNotifications": {"200": _to("readNotification", notification_id=_FIRST)},
    "logIn": {"200": _sending("refreshTokens", refresh="$response.body#/refresh")},
    "registerUser": {"201": _sending("refreshTokens", refresh="$response.body#/refresh")},
    "guideLogIn": {"200": _sending("guideRefresh", refresh="$response.body#/refresh_token")},
    "guideRegister": {"201": _sending("guideRefresh", refresh="$response.body#/refresh_token")},
    "listPasskeys": {"200": _to("removePasskey", passkey_id=_FIRST)},
    "listSessions": {"200": _to("endSession", session_id=_FIRST)},
}


def add_links(operations: Iterable[Node]) -> None:
    """Give every answer the links that it has."""
    for operation in operations:
        for status, links in LINKS.get(operation["operationId"], {}).items():
            operation["responses"][status]["links"] = links
