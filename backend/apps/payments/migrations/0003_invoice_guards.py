"""Invoices are kept as they were issued, by the database itself.

Of an invoice nothing changes but its status, and nothing is deleted or truncated; a series counts
up by one and never back. What protects from what is said in 0002: not from the owner of the
tables, whom the hash of each drawn document is there for.

A later migration that rebuilds one of the two tables on SQLite drops its triggers: run `create`
again there.
"""

from django.db import migrations

COLUMNS = (
    "id",
    "number",
    "kind",
    "user_id",
    "payment_id",
    "corrects_id",
    "source_key",
    "currency",
    "total_minor",
    "content",
    "pdf_sha256",
    "issued_at",
)
NEW = ", ".join(f"new.{name}" for name in COLUMNS)
OLD = ", ".join(f"old.{name}" for name in COLUMNS)

SQLITE = (
    """
    CREATE TRIGGER payments_invoice_insert BEFORE INSERT ON payments_invoice BEGIN
        SELECT RAISE(ABORT, 'invoice_kept: invoices are not replaced')
        WHERE EXISTS (
            SELECT 1 FROM payments_invoice
            WHERE id = new.id OR number = new.number OR source_key = new.source_key
        );
    END
    """,
    f"""
    CREATE TRIGGER payments_invoice_update BEFORE UPDATE ON payments_invoice BEGIN
        SELECT RAISE(ABORT, 'invoice_kept: only the status of an invoice changes')
        WHERE ({NEW}) IS NOT ({OLD});
    END
    """,
    """
    CREATE TRIGGER payments_invoice_delete BEFORE DELETE ON payments_invoice BEGIN
        SELECT RAISE(ABORT, 'invoice_kept: invoices are not deleted');
    END
    """,
    """
    CREATE TRIGGER payments_series_insert BEFORE INSERT ON payments_documentseries BEGIN
        SELECT RAISE(ABORT, 'series_kept: a series begins with 1') WHERE new.last IS NOT 1;
    END
    """,
    """
    CREATE TRIGGER payments_series_update BEFORE UPDATE ON payments_documentseries BEGIN
        SELECT RAISE(ABORT, 'series_kept: a series counts up by one')
        WHERE (new.name, new.last) IS NOT (old.name, old.last + 1);
    END
    """,
    """
    CREATE TRIGGER payments_series_delete BEFORE DELETE ON payments_documentseries BEGIN
        SELECT RAISE(ABORT, 'series_kept: series are not deleted');
    END
    """,
)

SQLITE_BACK = (
    "DROP TRIGGER IF EXISTS payments_invoice_insert",
    "DROP TRIGGER IF EXISTS payments_invoice_update",
    "DROP TRIGGER IF EXISTS payments_invoice_delete",
    "DROP TRIGGER IF EXISTS payments_series_insert",
    "DROP TRIGGER IF EXISTS payments_series_update",
    "DROP TRIGGER IF EXISTS payments_series_delete",
)

POSTGRESQL = (
    """
    CREATE FUNCTION payments_invoice_keep() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'invoice_kept: no % of %', tg_op, tg_table_name
            USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    f"""
    CREATE FUNCTION payments_invoice_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF ({NEW}) IS DISTINCT FROM ({OLD}) THEN
            RAISE EXCEPTION 'invoice_kept: only the status of an invoice changes'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN new;
    END $$
    """,
    """
    CREATE TRIGGER payments_invoice_guard BEFORE UPDATE ON payments_invoice
    FOR EACH ROW EXECUTE FUNCTION payments_invoice_guard()
    """,
    """
    CREATE TRIGGER payments_invoice_keep BEFORE DELETE ON payments_invoice
    FOR EACH ROW EXECUTE FUNCTION payments_invoice_keep()
    """,
    """
    CREATE TRIGGER payments_invoice_truncate BEFORE TRUNCATE ON payments_invoice
    FOR EACH STATEMENT EXECUTE FUNCTION payments_invoice_keep()
    """,
    """
    CREATE FUNCTION payments_series_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF tg_op = 'INSERT' THEN
            IF new.last <> 1 THEN
                RAISE EXCEPTION 'series_kept: a series begins with 1'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
        ELSIF (new.name, new.last) IS DISTINCT FROM (old.name, old.last + 1) THEN
            RAISE EXCEPTION 'series_kept: a series counts up by one'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN new;
    END $$
    """,
    """
    CREATE TRIGGER payments_series_guard BEFORE INSERT OR UPDATE ON payments_documentseries
    FOR EACH ROW EXECUTE FUNCTION payments_series_guard()
    """,
    """
    CREATE TRIGGER payments_series_keep BEFORE DELETE ON payments_documentseries
    FOR EACH ROW EXECUTE FUNCTION payments_invoice_keep()
    """,
    """
    CREATE TRIGGER payments_series_truncate BEFORE TRUNCATE ON payments_documentseries
    FOR EACH STATEMENT EXECUTE FUNCTION payments_invoice_keep()
    """,
)

POSTGRESQL_BACK = (
    "DROP TRIGGER IF EXISTS payments_invoice_guard ON payments_invoice",
    "DROP TRIGGER IF EXISTS payments_invoice_keep ON payments_invoice",
    "DROP TRIGGER IF EXISTS payments_invoice_truncate ON payments_invoice",
    "DROP TRIGGER IF EXISTS payments_series_guard ON payments_documentseries",
    "DROP TRIGGER IF EXISTS payments_series_keep ON payments_documentseries",
    "DROP TRIGGER IF EXISTS payments_series_truncate ON payments_documentseries",
    "DROP FUNCTION IF EXISTS payments_invoice_guard",
    "DROP FUNCTION IF EXISTS payments_invoice_keep",
    "DROP FUNCTION IF EXISTS payments_series_guard",
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
    dependencies = [("payments", "0002_ledger_guards")]

    operations = [migrations.RunPython(create, drop)]
