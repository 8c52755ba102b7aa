import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('requests', '0006_knowing'),
    ]

    operations = [
        migrations.AddField(
            model_name='approval',
            name='wide',
            field=models.BinaryField(blank=True, default=bytes),
        ),
        migrations.CreateModel(
            name='Beneath',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('system', models.CharField(max_length=64)),
                ('below', models.CharField(max_length=16)),
                ('engine', models.CharField(blank=True, max_length=16)),
                ('until', models.DateField(null=True)),
                ('at', models.DateTimeField()),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='beneath', to='requests.request')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=2)),
                ('words', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='letters', to='requests.request')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddConstraint(
            model_name='beneath',
            constraint=models.UniqueConstraint(fields=('request', 'system', 'below'), name='beneath_once'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.UniqueConstraint(fields=('request', 'language'), name='letter_once'),
        ),
    ]
