"""What a request is limited to, why somebody looked, protected identities, and texts of a handler's own."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('requests', '0025_knocking_again'),
    ]

    operations = [
        migrations.AddField(
            model_name='request',
            name='scope',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.CreateModel(
            name='Look',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=20)),
                ('reason', models.BinaryField()),
                ('by', models.CharField(max_length=32)),
                ('at', models.DateTimeField()),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='looks', to='requests.request')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Protected',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.BooleanField(default=True)),
                ('by', models.CharField(blank=True, max_length=32)),
                ('at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='protections', to='requests.case')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='TextTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('language', models.CharField(max_length=2)),
                ('words', models.TextField()),
                ('version', models.PositiveIntegerField()),
                ('by', models.CharField(max_length=32)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['name', 'language', '-version'],
                'constraints': [models.UniqueConstraint(fields=('name', 'language', 'version'), name='text_version_once')],
            },
        ),
    ]
