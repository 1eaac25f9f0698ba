"""What must never be found: each proof is a query for offending rows, and what to say of one.

The I-numbers are the invariants of docs/money.md. The queries run on SQLite and PostgreSQL; their
number and shape do not depend on how many rows there are. A name put together and then joined is
cast to text: without a type SQLite would look through all names for each row.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Proof:
    """A query, and the sentence for each row it finds, filled from the row's columns."""

    name: str
    statement: str
    sentence: str


#: Of the accounts' balances alone.
BALANCE_PROOFS = (
    Proof(
        "balances",
        """
        SELECT currency, SUM(balance_minor) AS total FROM payments_ledgeraccount
        GROUP BY currency HAVING SUM(balance_minor) <> 0
        """,
        "I1: the balances in {currency} sum to {total}, not to 0",
    ),
    Proof(
        "below zero",
        """
        SELECT name, currency, sign * balance_minor AS balance FROM payments_ledgeraccount
        WHERE guarded AND sign * balance_minor < 0
        """,
        "I3: {name} is below zero: {balance} {currency}",
    ),
)

#: Of entries, accounts and transactions among themselves.
LEDGER_PROOFS = (
    *BALANCE_PROOFS,
    Proof(
        "entries",
        """
        SELECT currency, SUM(amount_minor) AS total FROM payments_ledgerentry
        GROUP BY currency HAVING SUM(amount_minor) <> 0
        """,
        "I1: the entries in {currency} sum to {total}, not to 0",
    ),
    Proof(
        "transactions",
        """
        SELECT transaction_id AS key, currency, COUNT(*) AS legs, SUM(amount_minor) AS total
        FROM payments_ledgerentry
        GROUP BY transaction_id, currency HAVING SUM(amount_minor) <> 0
        """,
        "I1: {key}: its {legs} legs in {currency} sum to {total}, not to 0",
    ),
    Proof(
        "empty transactions",
        """
        SELECT t.key FROM payments_ledgertransaction t
        LEFT JOIN payments_ledgerentry e ON e.transaction_id = t.key WHERE e.id IS NULL
        """,
        "I1: {key} has no legs",
    ),
    Proof(
        "unsealed entries",
        """
        SELECT e.id, e.transaction_id AS key FROM payments_ledgerentry e
        LEFT JOIN payments_ledgertransaction t ON t.key = e.transaction_id WHERE t.key IS NULL
        """,
        "I1: entry {id} belongs to {key}, which is not there",
    ),
    Proof(
        "currencies",
        """
        SELECT e.id, e.currency, a.name, a.currency AS wanted FROM payments_ledgerentry e
        JOIN payments_ledgeraccount a ON a.id = e.account_id WHERE a.currency <> e.currency
        """,
        "I1: entry {id} is in {currency}, its account {name} in {wanted}",
    ),
    Proof(
        "derived balances",
        """
        SELECT a.name, a.currency, a.balance_minor, COALESCE(d.total, 0) AS derived
        FROM payments_ledgeraccount a LEFT JOIN (
            SELECT account_id, SUM(amount_minor) AS total FROM payments_ledgerentry
            GROUP BY account_id
        ) d ON d.account_id = a.id
        WHERE a.balance_minor <> COALESCE(d.total, 0)
        """,
        "I2: {name} says {balance_minor} {currency}, its entries sum to {derived}",
    ),
    Proof(
        "causes",
        "SELECT key FROM payments_ledgertransaction WHERE cause = ''",
        "I8: {key} has no cause",
    ),
)

#: Of the rows that tell of money, against the ledger and each other.
ROW_PROOFS = (
    Proof(
        "strangers' holds",
        """
        WITH known AS MATERIALIZED (
            SELECT CAST('escrow:' || id AS text) AS name, currency FROM payments_escrow
            UNION ALL SELECT CAST('buyer_refund:' || id AS text), currency FROM payments_escrow
        )
        SELECT a.name, a.currency FROM payments_ledgeraccount a
        LEFT JOIN known k ON k.name = a.name AND k.currency = a.currency
        WHERE (a.name LIKE 'escrow:%' OR a.name LIKE 'buyer_refund:%') AND k.name IS NULL
        """,
        "I4: {name} in {currency} is no hold's account",
    ),
    Proof(
        "ended holds",
        """
        SELECT id, state, amount_minor - released_minor - refunded_minor - lost_minor AS held,
            currency
        FROM payments_escrow
        WHERE state IN ('released', 'refunded', 'split', 'lost', 'clawed_back', 'loss')
        AND amount_minor <> released_minor + refunded_minor + lost_minor
        """,
        "I4: hold {id} is {state} with {held} {currency} still held",
    ),
    Proof(
        "payments",
        """
        SELECT p.id, p.amount_minor, p.currency, p.refunded_minor, s.total_minor,
            s.currency AS sold_in, h.amount_minor AS held, h.refunded_minor AS given_back
        FROM payments_payment p JOIN payments_sale s ON s.id = p.sale_id
        LEFT JOIN payments_escrow h ON h.payment_id = p.id
        WHERE p.amount_minor <> s.total_minor OR p.currency <> s.currency
        OR (p.paid_at IS NOT NULL AND h.id IS NULL)
        OR (h.id IS NOT NULL AND (p.paid_at IS NULL OR h.amount_minor <> p.amount_minor
            OR h.currency <> p.currency OR h.refunded_minor < p.refunded_minor))
        """,
        "I4: payment {id} of {amount_minor} {currency}, {refunded_minor} given back, does not"
        " agree with its sale ({total_minor} {sold_in}) or its hold ({held}, {given_back} given"
        " back)",
    ),
    Proof(
        "changes without their transaction",
        """
        SELECT c.id, c.kind, c.object_id, c.became, c.ledger_key FROM payments_statechange c
        LEFT JOIN payments_ledgertransaction t ON t.key = c.ledger_key
        WHERE c.ledger_key <> '' AND t.key IS NULL
        """,
        "I5: {kind} {object_id} became {became} by {ledger_key}, which the ledger does not have",
    ),
    Proof(
        "changes that moved nothing",
        """
        SELECT kind, object_id, was, became FROM payments_statechange WHERE ledger_key = '' AND (
            (kind = 'payment' AND (became IN ('disputed', 'charged_back')
                OR (became = 'succeeded' AND was <> '')))
            OR (kind = 'hold' AND became IN
                ('release_pending', 'refund_pending', 'split_pending', 'lost'))
            OR (kind = 'provider call' AND (became = 'done' OR was = 'done'))
        )
        """,
        "I5: {kind} {object_id} went from {was} to {became} without a ledger transaction",
    ),
    Proof(
        "transactions told twice",
        """
        SELECT kind, ledger_key, COUNT(*) AS times FROM payments_statechange
        WHERE ledger_key <> '' GROUP BY kind, ledger_key HAVING COUNT(*) > 1
        """,
        "I5: {ledger_key} is behind {times} changes of a {kind}",
    ),
    # A bank's dispute may meet a payment that it no longer changes; a renewal changes no state:
    # its key is "subscription:REF:YYYY-MM-DD".
    Proof(
        "transactions nobody tells of",
        """
        WITH told AS MATERIALIZED (
            SELECT ledger_key AS key FROM payments_statechange WHERE ledger_key <> ''
            UNION SELECT 'withdrawn:' || provider_ref FROM payments_escrowdispute
                WHERE provider_ref <> ''
            UNION SELECT 'lost:' || provider_ref FROM payments_escrowdispute
                WHERE provider_ref <> '' AND outcome = 'lost'
            UNION SELECT 'reinstated:' || provider_ref FROM payments_escrowdispute
                WHERE provider_ref <> '' AND outcome = 'won'
            UNION SELECT 'subscription:' || provider_ref || ':' FROM payments_subscription
                WHERE provider_ref <> ''
        ),
        asked AS MATERIALIZED (
            SELECT key, CASE WHEN key LIKE 'subscription:%'
                THEN substr(key, 1, length(key) - 10) ELSE key END AS teller
            FROM payments_ledgertransaction
        )
        SELECT a.key FROM asked a LEFT JOIN told t ON t.key = a.teller WHERE t.key IS NULL
        """,
        "I5: nothing changed by {key}",
    ),
    # Without the provider's fee, which is in its transaction too.
    Proof(
        "calls",
        """
        SELECT k.id, k.kind, k.amount_minor, k.currency, COALESCE(SUM(
            CASE WHEN a.name IN ('psp_fee', 'psp_clearing:' || k.provider)
                THEN e.amount_minor ELSE 0 END
        ), 0) AS moved
        FROM payments_statechange c JOIN payments_providercall k ON k.id = c.object_id
        LEFT JOIN payments_ledgerentry e ON e.transaction_id = c.ledger_key
        LEFT JOIN payments_ledgeraccount a ON a.id = e.account_id
        WHERE c.kind = 'provider call' AND c.became = 'done'
        GROUP BY k.id, k.kind, k.amount_minor, k.currency, c.id
        HAVING COALESCE(SUM(
            CASE WHEN a.name IN ('psp_fee', 'psp_clearing:' || k.provider)
                THEN e.amount_minor ELSE 0 END
        ), 0) <> CASE WHEN k.kind = 'reversal' THEN k.amount_minor ELSE -k.amount_minor END
        """,
        "I5: {kind} {id} is of {amount_minor} {currency}, the ledger moved {moved}",
    ),
    Proof(
        "broken histories",
        """
        SELECT kind, object_id, was, became, before FROM (
            SELECT kind, object_id, was, became,
                LAG(became, 1, '') OVER (PARTITION BY kind, object_id ORDER BY id) AS before
            FROM payments_statechange
        ) told WHERE was <> before
        """,
        "I5: {kind} {object_id} went from {was} to {became}, but had been {before}",
    ),
    Proof(
        "states without their history",
        """
        WITH states AS MATERIALIZED (
            SELECT 'sale' AS kind, id, status AS state FROM payments_sale
            UNION ALL SELECT 'payment', id, status FROM payments_payment
            UNION ALL SELECT 'hold', id, state FROM payments_escrow
            UNION ALL SELECT 'provider call', id, status FROM payments_providercall
            UNION ALL SELECT 'invoice', id, status FROM payments_invoice
            UNION ALL SELECT 'subscription', id, status FROM payments_subscription
        ),
        latest AS MATERIALIZED (
            SELECT c.kind, c.object_id, c.became FROM payments_statechange c JOIN (
                SELECT MAX(id) AS id FROM payments_statechange GROUP BY kind, object_id
            ) newest ON newest.id = c.id
        )
        SELECT s.kind, s.id, s.state, COALESCE(l.became, 'nothing') AS told FROM states s
        LEFT JOIN latest l ON l.kind = s.kind AND l.object_id = s.id
        WHERE l.became IS NULL OR l.became <> s.state
        """,
        "I5: {kind} {id} is {state}, its history says {told}",
    ),
)

#: Accounts by what they are: kind, direction, guarded or not.
ACCOUNT_KINDS = """
    SELECT kind, sign, guarded, COUNT(*) AS times FROM (
        SELECT sign, guarded, substr(name || ':', 1, {colon} - 1) AS kind
        FROM payments_ledgeraccount
    ) named GROUP BY kind, sign, guarded
"""
COLON = {"sqlite": "instr(name || ':', ':')", "postgresql": "strpos(name || ':', ':')"}

#: Arrows that were taken, each once.
ARROWS = "SELECT DISTINCT kind, was, became FROM payments_statechange"

#: Each hold with its sale's parts, and what the ledger says came and went. Only those that differ,
#: or were released in part: whose shares are the rounding of domain/fees.py.
HOLDS = """
    WITH touched AS MATERIALIZED (
        SELECT DISTINCT a.name, a.currency, e.transaction_id AS key
        FROM payments_ledgerentry e JOIN payments_ledgeraccount a ON a.id = e.account_id
        WHERE a.name LIKE 'escrow:%'
    ),
    told AS MATERIALIZED (
        SELECT t.name, t.currency,
            -SUM(CASE WHEN a.name = t.name THEN e.amount_minor ELSE 0 END) AS held,
            SUM(CASE WHEN a.name LIKE 'psp_%' THEN e.amount_minor ELSE 0 END) AS funded,
            -SUM(CASE WHEN a.name LIKE 'seller_payable:%' THEN e.amount_minor ELSE 0 END)
                AS seller,
            -SUM(CASE WHEN a.name = 'platform_fee' THEN e.amount_minor ELSE 0 END) AS commission,
            -SUM(CASE WHEN a.name = 'premium' THEN e.amount_minor ELSE 0 END) AS premium,
            -SUM(CASE WHEN a.name = 'tax_payable' THEN e.amount_minor ELSE 0 END) AS tax,
            -SUM(CASE WHEN a.name LIKE 'buyer_refund:%' THEN e.amount_minor ELSE 0 END)
                AS refunded,
            -SUM(CASE WHEN a.name LIKE 'disputed_funds:%' OR a.name = 'chargeback_loss'
                THEN e.amount_minor ELSE 0 END) AS lost
        FROM touched t JOIN payments_ledgerentry e ON e.transaction_id = t.key
        JOIN payments_ledgeraccount a ON a.id = e.account_id
        GROUP BY t.name, t.currency
    ),
    holds AS MATERIALIZED (
        SELECT h.id, 'escrow:' || h.id AS name, h.currency, h.amount_minor, h.released_minor,
            h.refunded_minor, h.lost_minor, s.premium_minor, s.tax_minor, s.commission_minor,
            s.hammer_minor - s.commission_minor AS seller_minor
        FROM payments_escrow h JOIN payments_payment p ON p.id = h.payment_id
        JOIN payments_sale s ON s.id = p.sale_id
    )
    SELECT h.*, COALESCE(t.held, 0) AS held, COALESCE(t.funded, 0) AS funded,
        COALESCE(t.seller, 0) AS seller, COALESCE(t.commission, 0) AS commission,
        COALESCE(t.premium, 0) AS premium, COALESCE(t.tax, 0) AS tax,
        COALESCE(t.refunded, 0) AS refunded, COALESCE(t.lost, 0) AS lost
    FROM holds h LEFT JOIN told t ON t.name = h.name AND t.currency = h.currency
    WHERE t.name IS NULL
    OR t.funded <> h.amount_minor
    OR t.held <> h.amount_minor - h.released_minor - h.refunded_minor - h.lost_minor
    OR t.refunded <> h.refunded_minor
    OR t.lost <> h.lost_minor
    OR t.seller + t.commission + t.premium + t.tax <> h.released_minor
    OR (h.released_minor <> 0 AND (t.seller <> h.seller_minor
        OR t.commission <> h.commission_minor OR t.premium <> h.premium_minor
        OR t.tax <> h.tax_minor))
"""
