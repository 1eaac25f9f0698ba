"""The search index, kept in step with the listings by the database itself.

SQLite: FTS5 over the listing's own columns, and its vocabulary for misspelt words. PostgreSQL: a
table of its own, so that a bid's update of the hot row carries no index of words, and a table of
the words of titles, which only grows. A later
migration that rebuilds auctions_auction on SQLite drops its triggers: run `create` again there.
"""

from django.db import migrations, transaction
from django.db.utils import DatabaseError

SQLITE = (
    """
    CREATE VIRTUAL TABLE auctions_search USING fts5(
        title, description, content='auctions_auction', content_rowid='id',
        tokenize="unicode61 remove_diacritics 2", prefix='2 3'
    )
    """,
    "CREATE VIRTUAL TABLE auctions_search_words USING fts5vocab('auctions_search', 'row')",
    """
    CREATE TRIGGER auctions_search_insert AFTER INSERT ON auctions_auction BEGIN
        INSERT INTO auctions_search (rowid, title, description)
        VALUES (new.id, new.title, new.description);
    END
    """,
    """
    CREATE TRIGGER auctions_search_delete AFTER DELETE ON auctions_auction BEGIN
        INSERT INTO auctions_search (auctions_search, rowid, title, description)
        VALUES ('delete', old.id, old.title, old.description);
    END
    """,
    """
    CREATE TRIGGER auctions_search_update
    AFTER UPDATE OF title, description ON auctions_auction BEGIN
        INSERT INTO auctions_search (auctions_search, rowid, title, description)
        VALUES ('delete', old.id, old.title, old.description);
        INSERT INTO auctions_search (rowid, title, description)
        VALUES (new.id, new.title, new.description);
    END
    """,
    "INSERT INTO auctions_search (auctions_search) VALUES ('rebuild')",
)

SQLITE_BACK = (
    "DROP TRIGGER IF EXISTS auctions_search_insert",
    "DROP TRIGGER IF EXISTS auctions_search_delete",
    "DROP TRIGGER IF EXISTS auctions_search_update",
    "DROP TABLE IF EXISTS auctions_search_words",
    "DROP TABLE IF EXISTS auctions_search",
)

#: Small letters without accents. Where the database's own locale knows only ASCII letters, ICU's
#: root collation knows the rest, if the server was built with it.
UNMARKED = r"""
    CREATE FUNCTION auctions_search_unmarked(words text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
        SELECT normalize(
            regexp_replace(normalize(lower(words {collate}), NFD), '[\u0300-\u036f]', '', 'g'), NFC
        )
    $$
"""

POSTGRESQL = (
    """
    CREATE TABLE auctions_search (
        auction_id bigint PRIMARY KEY,
        document tsvector NOT NULL
    )
    """,
    'CREATE TABLE auctions_search_words (word text COLLATE "C" PRIMARY KEY)',
    """
    CREATE FUNCTION auctions_search_store() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO auctions_search (auction_id, document)
        VALUES (
            new.id,
            setweight(to_tsvector('simple', auctions_search_unmarked(new.title)), 'A')
            || setweight(to_tsvector('simple', auctions_search_unmarked(new.description)), 'B')
        )
        ON CONFLICT (auction_id) DO UPDATE SET document = excluded.document;
        INSERT INTO auctions_search_words (word)
        SELECT DISTINCT word FROM regexp_split_to_table(
            auctions_search_unmarked(new.title), '[^[:alnum:]]+'
        ) AS words (word)
        WHERE length(word) BETWEEN 2 AND 40
        AND NOT EXISTS (SELECT 1 FROM auctions_search_words AS known WHERE known.word = words.word)
        ORDER BY word
        ON CONFLICT (word) DO NOTHING;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER auctions_search_store
    AFTER INSERT OR UPDATE OF title, description ON auctions_auction
    FOR EACH ROW EXECUTE FUNCTION auctions_search_store()
    """,
    # Triggers, not a foreign key with a cascade: that would forbid TRUNCATE, which `flush` needs.
    """
    CREATE FUNCTION auctions_search_forget() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF tg_op = 'TRUNCATE' THEN
            DELETE FROM auctions_search;
        ELSE
            DELETE FROM auctions_search WHERE auction_id = old.id;
        END IF;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER auctions_search_forget AFTER DELETE ON auctions_auction
    FOR EACH ROW EXECUTE FUNCTION auctions_search_forget()
    """,
    """
    CREATE TRIGGER auctions_search_forget_all AFTER TRUNCATE ON auctions_auction
    FOR EACH STATEMENT EXECUTE FUNCTION auctions_search_forget()
    """,
    "UPDATE auctions_auction SET title = title",
    "CREATE INDEX auctions_search_document ON auctions_search USING gin (document)",
)

POSTGRESQL_BACK = (
    "DROP TRIGGER IF EXISTS auctions_search_store ON auctions_auction",
    "DROP TRIGGER IF EXISTS auctions_search_forget ON auctions_auction",
    "DROP TRIGGER IF EXISTS auctions_search_forget_all ON auctions_auction",
    "DROP FUNCTION IF EXISTS auctions_search_store",
    "DROP FUNCTION IF EXISTS auctions_search_forget",
    "DROP FUNCTION IF EXISTS auctions_search_unmarked",
    "DROP TABLE IF EXISTS auctions_search",
    "DROP TABLE IF EXISTS auctions_search_words",
)

STATEMENTS = {"sqlite": (SQLITE, SQLITE_BACK), "postgresql": (POSTGRESQL, POSTGRESQL_BACK)}


def create(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT 1 FROM pg_collation WHERE collname = 'und-x-icu'")
            collate = 'COLLATE "und-x-icu"' if cursor.fetchone() else ""
            cursor.execute(UNMARKED.format(collate=collate))
        for statement in STATEMENTS[connection.vendor][0]:
            cursor.execute(statement)
    if connection.vendor == "postgresql":
        try:  # for misspelt words; not every server has it, or lets us install it
            with transaction.atomic(connection.alias), connection.cursor() as cursor:
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
                cursor.execute(
                    "CREATE INDEX auctions_search_words_alike"
                    " ON auctions_search_words USING gin (word gin_trgm_ops)"
                )
        except DatabaseError:
            return


def drop(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        for statement in STATEMENTS[connection.vendor][1]:
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("auctions", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
