"""Examples of `/api/demo/`."""

from config.contracts.samples.base import BAD_PAGE_SIZE, NO_SUCH_PAGE, Sample, page_of, said

HEAD = {
    "id": 7,
    "to": "bidder1@example.com",
    "subject": "BidBazaar: You won Walnut writing desk",
    "sent_at": "2026-02-22T10:30:00Z",
}
MAIL = {
    **HEAD,
    "text": "Hello bidder1,\n\nYou won Walnut writing desk\n\n-- \nBidBazaar\n",
    "html": '<!doctype html>\n<html lang="en">…</html>\n',
}
NO_DEMO = said("This house is no demo")

SAMPLES = {
    "listDemoMails": Sample(
        answers={
            200: page_of(HEAD, address="/api/demo/mailbox/"),
            400: BAD_PAGE_SIZE,
            404: {**NO_SUCH_PAGE, **NO_DEMO},
        }
    ),
    "getDemoMail": Sample(
        answers={200: {"a mail": MAIL}, 404: {**said("Mail not found"), **NO_DEMO}}
    ),
}
