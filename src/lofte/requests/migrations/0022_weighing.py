import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('requests', '0021_waiting_for_the_person'),
    ]

    operations = [
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(max_length=32, unique=True)),
                ('system', models.CharField(max_length=64)),
                ('dataset', models.CharField(max_length=64)),
                ('digest', models.CharField(max_length=64)),
                ('row', models.BinaryField()),
                ('at', models.DateTimeField()),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='requests.request')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('request', 'system', 'dataset', 'digest'), name='mention_once')],
            },
        ),
        migrations.CreateModel(
            name='Weighed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verdict', models.CharField(max_length=10)),
                ('words', models.BinaryField(blank=True, default=bytes)),
                ('by', models.CharField(blank=True, max_length=32)),
                ('at', models.DateTimeField()),
                ('mention', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='weighed', to='requests.mention')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
    ]
