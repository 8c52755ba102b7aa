from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('requests', '0008_approving'),
    ]

    operations = [
        migrations.AddField(
            model_name='review',
            name='made_by',
            field=models.CharField(blank=True, default='', max_length=32),
            preserve_default=False,
        ),
    ]
