from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('execution', '0001_start'),
    ]

    operations = [
        migrations.CreateModel(
            name='PersonLock',
            fields=[
                ('lookup', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('owner', models.CharField(db_index=True, max_length=80)),
                ('about', models.CharField(max_length=32)),
                ('until', models.DateTimeField()),
            ],
        ),
    ]
