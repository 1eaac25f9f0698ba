from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0003_invoice_guards'),
    ]

    operations = [
        # What happened before anybody was told of it is told to nobody now.
        migrations.AddField(
            model_name='statechange',
            name='told',
            field=models.BooleanField(default=True),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='statechange',
            name='told',
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name='statechange',
            index=models.Index(
                condition=models.Q(('told', False)), fields=['id'], name='change_to_tell'
            ),
        ),
    ]
