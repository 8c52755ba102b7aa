import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('requests', '0022_weighing'),
    ]

    operations = [
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(max_length=32, unique=True)),
                ('what', models.CharField(max_length=10)),
                ('terms', models.BinaryField()),
                ('by', models.CharField(max_length=32)),
                ('at', models.DateTimeField()),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='requests.request')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='ProposalSettled',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agreed', models.BooleanField()),
                ('why', models.BinaryField(blank=True, default=bytes)),
                ('by', models.CharField(max_length=32)),
                ('at', models.DateTimeField()),
                ('proposal', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='settled', to='requests.proposal')),
            ],
        ),
    ]
