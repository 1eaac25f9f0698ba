"""The ledger's rules, kept by the database itself.

A transaction is the seal on its entries. Entries come first (their foreign key is looked at when
the database transaction commits), then the transaction's row: it is let in only when it has two
entries or more and they sum to zero in every currency; from then on nothing joins them. Balances
are moved by entries and by nothing else, and the table's own check keeps guarded accounts from
falling below zero. Nothing is updated, deleted or truncated.

What protects from what: these triggers hold against the application and against whoever has its
rights to rows, by whatever statement (SQLite: `INSERT OR REPLACE` too). They do not hold against
the owner of the tables, who may drop or disable them; there is deliberately no setting that turns
them off, and `bidbazaar verify` says when one is missing. Tests empty tables as the owner does
(conftest.py). On SQLite whoever has the file owns it; there a balance set by hand is refused
unless it repeats the account's last entry, which verification finds.

A later migration that rebuilds one of the three tables on SQLite drops its triggers: run `create`
again there.
"""

from django.db import migrations

# A refusal's message begins with its name; apps/payments/ledger.py reads it.
SQLITE = (
    """
    CREATE TRIGGER payments_ledger_entry_join BEFORE INSERT ON payments_ledgerentry BEGIN
        SELECT RAISE(ABORT, 'ledger_sealed: the transaction has its entries')
        WHERE EXISTS (
            SELECT 1 FROM payments_ledgertransaction WHERE key = new.transaction_id
        );
        SELECT RAISE(ABORT, 'ledger_currency: not the currency of the account')
        WHERE new.currency IS NOT (
            SELECT currency FROM payments_ledgeraccount WHERE id = new.account_id
        );
        SELECT RAISE(ABORT, 'ledger_whole: amounts are whole minor units')
        WHERE typeof(new.amount_minor) <> 'integer';
        SELECT RAISE(ABORT, 'ledger_kept: entries are not replaced')
        WHERE EXISTS (SELECT 1 FROM payments_ledgerentry WHERE id = new.id);
    END
    """,
    """
    CREATE TRIGGER payments_ledger_entry_moves AFTER INSERT ON payments_ledgerentry BEGIN
        UPDATE payments_ledgeraccount SET balance_minor = balance_minor + new.amount_minor
        WHERE id = new.account_id;
    END
    """,
    """
    CREATE TRIGGER payments_ledger_entry_update BEFORE UPDATE ON payments_ledgerentry BEGIN
        SELECT RAISE(ABORT, 'ledger_kept: entries are not changed');
    END
    """,
    """
    CREATE TRIGGER payments_ledger_entry_delete BEFORE DELETE ON payments_ledgerentry BEGIN
        SELECT RAISE(ABORT, 'ledger_kept: entries are not deleted');
    END
    """,
    """
    CREATE TRIGGER payments_ledger_seal BEFORE INSERT ON payments_ledgertransaction BEGIN
        SELECT RAISE(ABORT, 'ledger_sealed: the key is taken')
        WHERE EXISTS (SELECT 1 FROM payments_ledgertransaction WHERE key = new.key);
        SELECT RAISE(ABORT, 'ledger_unbalanced: a transaction has two entries or more')
        WHERE (SELECT count(*) FROM payments_ledgerentry WHERE transaction_id = new.key) < 2;
        SELECT RAISE(ABORT, 'ledger_unbalanced: the entries do not sum to zero')
        WHERE EXISTS (
            SELECT 1 FROM payments_ledgerentry WHERE transaction_id = new.key
            GROUP BY currency HAVING sum(amount_minor) <> 0
        );
    END
    """,
    """
    CREATE TRIGGER payments_ledger_seal_update BEFORE UPDATE ON payments_ledgertransaction BEGIN
        SELECT RAISE(ABORT, 'ledger_kept: transactions are not changed');
    END
    """,
    """
    CREATE TRIGGER payments_ledger_seal_delete BEFORE DELETE ON payments_ledgertransaction BEGIN
        SELECT RAISE(ABORT, 'ledger_kept: transactions are not deleted');
    END
    """,
    """
    CREATE TRIGGER payments_ledger_account_open BEFORE INSERT ON payments_ledgeraccount BEGIN
        SELECT RAISE(ABORT, 'ledger_balance: an account begins at zero')
        WHERE new.balance_minor IS NOT 0;
        SELECT RAISE(ABORT, 'ledger_kept: accounts are not replaced')
        WHERE EXISTS (SELECT 1 FROM payments_ledgeraccount WHERE id = new.id);
    END
    """,
    """
    CREATE TRIGGER payments_ledger_account_update BEFORE UPDATE ON payments_ledgeraccount BEGIN
        SELECT RAISE(ABORT, 'ledger_kept: accounts are not changed')
        WHERE (new.id, new.name, new.currency, new.sign, new.guarded)
        IS NOT (old.id, old.name, old.currency, old.sign, old.guarded);
        SELECT RAISE(ABORT, 'ledger_balance: balances are moved by entries')
        WHERE new.balance_minor IS NOT old.balance_minor
        AND new.balance_minor IS NOT old.balance_minor + (
            SELECT amount_minor FROM payments_ledgerentry WHERE account_id = new.id
            ORDER BY id DESC LIMIT 1
        );
    END
    """,
    """
    CREATE TRIGGER payments_ledger_account_delete BEFORE DELETE ON payments_ledgeraccount BEGIN
        SELECT RAISE(ABORT, 'ledger_kept: accounts are not deleted');
    END
    """,
)

SQLITE_BACK = (
    "DROP TRIGGER IF EXISTS payments_ledger_entry_join",
    "DROP TRIGGER IF EXISTS payments_ledger_entry_moves",
    "DROP TRIGGER IF EXISTS payments_ledger_entry_update",
    "DROP TRIGGER IF EXISTS payments_ledger_entry_delete",
    "DROP TRIGGER IF EXISTS payments_ledger_seal",
    "DROP TRIGGER IF EXISTS payments_ledger_seal_update",
    "DROP TRIGGER IF EXISTS payments_ledger_seal_delete",
    "DROP TRIGGER IF EXISTS payments_ledger_account_open",
    "DROP TRIGGER IF EXISTS payments_ledger_account_update",
    "DROP TRIGGER IF EXISTS payments_ledger_account_delete",
)

POSTGRESQL = (
    # The lock: two sessions with one key, neither of which sees the other's rows yet, would both
    # find it unsealed; and the seal of one would let the other's entries commit.
    """
    CREATE FUNCTION payments_ledger_entry_join() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtextextended('ledger:' || new.transaction_id, 0));
        IF EXISTS (SELECT 1 FROM payments_ledgertransaction WHERE key = new.transaction_id) THEN
            RAISE EXCEPTION 'ledger_sealed: the transaction has its entries'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF new.currency IS DISTINCT FROM (
            SELECT currency FROM payments_ledgeraccount WHERE id = new.account_id
        ) THEN
            RAISE EXCEPTION 'ledger_currency: not the currency of the account'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN new;
    END $$
    """,
    """
    CREATE TRIGGER payments_ledger_entry_join BEFORE INSERT ON payments_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION payments_ledger_entry_join()
    """,
    """
    CREATE FUNCTION payments_ledger_entry_moves() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE payments_ledgeraccount SET balance_minor = balance_minor + new.amount_minor
        WHERE id = new.account_id;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER payments_ledger_entry_moves AFTER INSERT ON payments_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION payments_ledger_entry_moves()
    """,
    """
    CREATE FUNCTION payments_ledger_seal() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (SELECT count(*) FROM payments_ledgerentry WHERE transaction_id = new.key) < 2 THEN
            RAISE EXCEPTION 'ledger_unbalanced: a transaction has two entries or more'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF EXISTS (
            SELECT 1 FROM payments_ledgerentry WHERE transaction_id = new.key
            GROUP BY currency HAVING sum(amount_minor) <> 0
        ) THEN
            RAISE EXCEPTION 'ledger_unbalanced: the entries do not sum to zero'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN new;
    END $$
    """,
    """
    CREATE TRIGGER payments_ledger_seal BEFORE INSERT ON payments_ledgertransaction
    FOR EACH ROW EXECUTE FUNCTION payments_ledger_seal()
    """,
    """
    CREATE FUNCTION payments_ledger_keep() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'ledger_kept: no % of %', tg_op, tg_table_name
            USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER payments_ledger_entry_keep BEFORE UPDATE OR DELETE ON payments_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION payments_ledger_keep()
    """,
    """
    CREATE TRIGGER payments_ledger_entry_truncate BEFORE TRUNCATE ON payments_ledgerentry
    FOR EACH STATEMENT EXECUTE FUNCTION payments_ledger_keep()
    """,
    """
    CREATE TRIGGER payments_ledger_seal_keep
    BEFORE UPDATE OR DELETE ON payments_ledgertransaction
    FOR EACH ROW EXECUTE FUNCTION payments_ledger_keep()
    """,
    """
    CREATE TRIGGER payments_ledger_seal_truncate BEFORE TRUNCATE ON payments_ledgertransaction
    FOR EACH STATEMENT EXECUTE FUNCTION payments_ledger_keep()
    """,
    """
    CREATE TRIGGER payments_ledger_account_keep BEFORE DELETE ON payments_ledgeraccount
    FOR EACH ROW EXECUTE FUNCTION payments_ledger_keep()
    """,
    """
    CREATE TRIGGER payments_ledger_account_truncate BEFORE TRUNCATE ON payments_ledgeraccount
    FOR EACH STATEMENT EXECUTE FUNCTION payments_ledger_keep()
    """,
    # Depth 2: the update was made by a trigger, the one of the entries.
    """
    CREATE FUNCTION payments_ledger_account_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF tg_op = 'INSERT' THEN
            IF new.balance_minor <> 0 THEN
                RAISE EXCEPTION 'ledger_balance: an account begins at zero'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN new;
        END IF;
        IF (new.id, new.name, new.currency, new.sign, new.guarded)
            IS DISTINCT FROM (old.id, old.name, old.currency, old.sign, old.guarded)
        THEN
            RAISE EXCEPTION 'ledger_kept: accounts are not changed'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF new.balance_minor <> old.balance_minor AND pg_trigger_depth() < 2 THEN
            RAISE EXCEPTION 'ledger_balance: balances are moved by entries'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN new;
    END $$
    """,
    """
    CREATE TRIGGER payments_ledger_account_guard
    BEFORE INSERT OR UPDATE ON payments_ledgeraccount
    FOR EACH ROW EXECUTE FUNCTION payments_ledger_account_guard()
    """,
)

POSTGRESQL_BACK = (
    "DROP TRIGGER IF EXISTS payments_ledger_entry_join ON payments_ledgerentry",
    "DROP TRIGGER IF EXISTS payments_ledger_entry_moves ON payments_ledgerentry",
    "DROP TRIGGER IF EXISTS payments_ledger_entry_keep ON payments_ledgerentry",
    "DROP TRIGGER IF EXISTS payments_ledger_entry_truncate ON payments_ledgerentry",
    "DROP TRIGGER IF EXISTS payments_ledger_seal ON payments_ledgertransaction",
    "DROP TRIGGER IF EXISTS payments_ledger_seal_keep ON payments_ledgertransaction",
    "DROP TRIGGER IF EXISTS payments_ledger_seal_truncate ON payments_ledgertransaction",
    "DROP TRIGGER IF EXISTS payments_ledger_account_keep ON payments_ledgeraccount",
    "DROP TRIGGER IF EXISTS payments_ledger_account_truncate ON payments_ledgeraccount",
    "DROP TRIGGER IF EXISTS payments_ledger_account_guard ON payments_ledgeraccount",
    "DROP FUNCTION IF EXISTS payments_ledger_entry_join",
    "DROP FUNCTION IF EXISTS payments_ledger_entry_moves",
    "DROP FUNCTION IF EXISTS payments_ledger_seal",
    "DROP FUNCTION IF EXISTS payments_ledger_keep",
    "DROP FUNCTION IF EXISTS payments_ledger_account_guard",
)

STATEMENTS = {"sqlite": (SQLITE, SQLITE_BACK), "postgresql": (POSTGRESQL, POSTGRESQL_BACK)}


def create(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for statement in STATEMENTS[schema_editor.connection.vendor][0]:
            cursor.execute(statement)


def drop(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for statement in STATEMENTS[schema_editor.connection.vendor][1]:
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
