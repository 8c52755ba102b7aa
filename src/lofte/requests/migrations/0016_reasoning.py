from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('requests', '0015_ticking'),
    ]

    operations = [
        migrations.AddField(
            model_name='decision',
            name='why',
            field=models.BinaryField(blank=True, default=bytes),
        ),
    ]
