"""What staff do, and the audit log the database itself keeps as it was written.

Nothing in the log is updated, deleted, replaced or (PostgreSQL) truncated. These triggers hold
against the application and whoever has its rights to rows; not against the owner of the table.
A later migration that rebuilds the table on SQLite drops its triggers: run `create` again there.
"""


import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


SQLITE = (
    """
    CREATE TRIGGER backoffice_audit_join BEFORE INSERT ON backoffice_auditentry BEGIN
        SELECT RAISE(ABORT, 'audit_kept: nothing is replaced')
        WHERE EXISTS (SELECT 1 FROM backoffice_auditentry WHERE id = new.id);
    END
    """,
    """
    CREATE TRIGGER backoffice_audit_update BEFORE UPDATE ON backoffice_auditentry BEGIN
        SELECT RAISE(ABORT, 'audit_kept: nothing is changed');
    END
    """,
    """
    CREATE TRIGGER backoffice_audit_delete BEFORE DELETE ON backoffice_auditentry BEGIN
        SELECT RAISE(ABORT, 'audit_kept: nothing is deleted');
    END
    """,
)

SQLITE_BACK = (
    "DROP TRIGGER IF EXISTS backoffice_audit_join",
    "DROP TRIGGER IF EXISTS backoffice_audit_update",
    "DROP TRIGGER IF EXISTS backoffice_audit_delete",
)

POSTGRESQL = (
    """
    CREATE FUNCTION backoffice_audit_keep() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'audit_kept: nothing is changed or deleted'
            USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER backoffice_audit_keep BEFORE UPDATE OR DELETE ON backoffice_auditentry
    FOR EACH ROW EXECUTE FUNCTION backoffice_audit_keep()
    """,
    """
    CREATE TRIGGER backoffice_audit_truncate BEFORE TRUNCATE ON backoffice_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION backoffice_audit_keep()
    """,
)

POSTGRESQL_BACK = (
    "DROP TRIGGER IF EXISTS backoffice_audit_keep ON backoffice_auditentry",
    "DROP TRIGGER IF EXISTS backoffice_audit_truncate ON backoffice_auditentry",
    "DROP FUNCTION IF EXISTS backoffice_audit_keep",
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

    initial = True

    dependencies = [
        ('users', '0002_mail_facts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Ban',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='ban', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('until_at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='SiteSetting',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('value', models.BigIntegerField()),
                ('changed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('act', models.CharField(max_length=24)),
                ('target_kind', models.CharField(max_length=12)),
                ('target_id', models.BigIntegerField(blank=True, null=True)),
                ('before', models.JSONField(default=dict)),
                ('after', models.JSONField(default=dict)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['target_kind', 'target_id', '-id'], name='audit_by_target'), models.Index(fields=['actor', '-id'], name='audit_by_actor')],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=8)),
                ('target_id', models.BigIntegerField()),
                ('reason', models.CharField(max_length=20)),
                ('description', models.TextField(blank=True, max_length=2000)),
                ('state', models.CharField(choices=[('open', 'Open'), ('upheld', 'Upheld'), ('dismissed', 'Dismissed')], default='open', max_length=10)),
                ('action', models.CharField(blank=True, max_length=16)),
                ('note', models.TextField(blank=True, max_length=2000)),
                ('resolved_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
                ('reporter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to=settings.AUTH_USER_MODEL)),
                ('resolved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['state', '-id'], name='report_by_state'), models.Index(fields=['created_at'], name='report_by_created')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('reporter', 'kind', 'target_id'), name='one_open_report')],
            },
        ),
        migrations.RunPython(create, drop),
    ]
