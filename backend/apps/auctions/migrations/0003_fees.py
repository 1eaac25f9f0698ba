import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auctions', '0002_search'),
    ]

    operations = [
        migrations.CreateModel(
            name='FeeSchedule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('commission_bps', models.PositiveIntegerField(default=0)),
                ('premium_tiers', models.JSONField(blank=True, default=list)),
                ('tax_bps', models.PositiveIntegerField(default=0)),
                ('tax_name', models.CharField(default='Tax', max_length=40)),
                ('changed_at', models.DateTimeField(editable=False)),
                ('category', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='fees', to='auctions.category')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.Value(1), condition=models.Q(('category__isnull', True)), name='one_default_fees'), models.CheckConstraint(condition=models.Q(('commission_bps__lte', 10000), ('tax_bps__lte', 10000)), name='fees_at_most_all')],
            },
        ),
        migrations.AddIndex(
            model_name='auction',
            index=models.Index(condition=models.Q(('sold', True), ('status', 'ended')), fields=['updated_at'], name='auction_sold'),
        ),
        migrations.AddIndex(
            model_name='auctionimage',
            index=models.Index(fields=['image'], name='image_by_file'),
        ),
    ]
