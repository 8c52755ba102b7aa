import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('requests', '0009_ordering'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='recipientnotice',
            options={'ordering': ['id']},
        ),
        migrations.RemoveConstraint(
            model_name='recipientnotice',
            name='recipient_notice_once',
        ),
        migrations.AlterField(
            model_name='decision',
            name='outcome',
            field=models.CharField(max_length=20),
        ),
        migrations.CreateModel(
            name='ReviewAssigned',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('to', models.CharField(max_length=32)),
                ('by', models.CharField(blank=True, max_length=32)),
                ('at', models.DateTimeField()),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assignments', to='requests.review')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
    ]
