import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('requests', '0007_telling'),
    ]

    operations = [
        migrations.CreateModel(
            name='Asked',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('terms', models.BinaryField()),
                ('by', models.CharField(blank=True, max_length=32)),
                ('at', models.DateTimeField()),
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='asked', to='requests.request')),
            ],
        ),
        migrations.CreateModel(
            name='Discovered',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('system', models.CharField(max_length=64)),
                ('found', models.BinaryField()),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='discovered', to='requests.request')),
            ],
        ),
        migrations.AddConstraint(
            model_name='discovered',
            constraint=models.UniqueConstraint(fields=('request', 'system'), name='discovered_once'),
        ),
    ]
