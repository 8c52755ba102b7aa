from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('execution', '0002_locking'),
    ]

    operations = [
        migrations.CreateModel(
            name='TombstoneHead',
            fields=[
                ('system', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('records', models.PositiveBigIntegerField()),
                ('mac', models.BinaryField(max_length=32)),
            ],
        ),
    ]
