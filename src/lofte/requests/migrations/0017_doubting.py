import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('requests', '0016_reasoning'),
    ]

    operations = [
        migrations.CreateModel(
            name='Doubt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('deferral', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='doubts', to='requests.deferral')),
            ],
        ),
        migrations.CreateModel(
            name='DoubtSettled',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('whose', models.CharField(max_length=8)),
                ('by', models.CharField(max_length=32)),
                ('at', models.DateTimeField()),
                ('doubt', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='settled', to='requests.doubt')),
            ],
        ),
    ]
