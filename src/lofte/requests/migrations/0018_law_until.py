from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('requests', '0017_doubting'),
    ]

    operations = [
        migrations.AddField(
            model_name='erasure',
            name='law_until',
            field=models.DateField(null=True),
        ),
    ]
