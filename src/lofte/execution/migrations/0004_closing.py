from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('execution', '0003_heads'),
    ]

    operations = [
        migrations.AddField(
            model_name='personlock',
            name='closed',
            field=models.BooleanField(default=False),
        ),
    ]
