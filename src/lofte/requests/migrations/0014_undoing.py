import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('requests', '0013_still_theirs'),
    ]

    operations = [
        migrations.CreateModel(
            name='Undone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('system', models.CharField(max_length=64)),
                ('rows', models.PositiveBigIntegerField()),
                ('deferred', models.PositiveBigIntegerField(default=0)),
                ('by', models.CharField(blank=True, max_length=32)),
                ('at', models.DateTimeField()),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='undone', to='requests.request')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
    ]
