import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('requests', '0012_approving_all'),
    ]

    operations = [
        migrations.AddField(
            model_name='deferral',
            name='stamp',
            field=models.BinaryField(blank=True, default=bytes),
        ),
        migrations.CreateModel(
            name='DeferredIdentity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lookup', models.CharField(max_length=64)),
                ('mark', models.CharField(blank=True, max_length=64)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deferred_identities', to='requests.request')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('request', 'lookup'), name='deferred_identity_once')],
            },
        ),
    ]
