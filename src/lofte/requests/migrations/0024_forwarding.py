import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('requests', '0023_proposing'),
    ]

    operations = [
        migrations.CreateModel(
            name='Forwarded',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(max_length=32, unique=True)),
                ('system', models.CharField(max_length=64)),
                ('dataset', models.CharField(max_length=64)),
                ('lookup', models.CharField(max_length=64)),
                ('whose', models.BinaryField()),
                ('rows', models.PositiveBigIntegerField()),
                ('at', models.DateTimeField()),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='forwarded', to='requests.request')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('request', 'system', 'dataset', 'lookup'), name='forwarded_once')],
            },
        ),
        migrations.CreateModel(
            name='ForwardedTold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(max_length=10)),
                ('by', models.CharField(blank=True, max_length=32)),
                ('at', models.DateTimeField()),
                ('forwarded', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='told', to='requests.forwarded')),
            ],
        ),
    ]
