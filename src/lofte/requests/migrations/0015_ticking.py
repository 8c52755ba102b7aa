import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('requests', '0014_undoing'),
    ]

    operations = [
        migrations.CreateModel(
            name='ClockEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=8)),
                ('on', models.DateField()),
                ('waits', models.CharField(blank=True, max_length=10)),
                ('months', models.PositiveSmallIntegerField(default=0)),
                ('because', models.CharField(blank=True, max_length=10)),
                ('why', models.BinaryField(blank=True, default=bytes)),
                ('by', models.CharField(blank=True, max_length=32)),
                ('at', models.DateTimeField()),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clock_events', to='requests.request')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
    ]
