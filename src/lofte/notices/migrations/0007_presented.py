from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0003_versions")]

    operations = [
        migrations.CreateModel(
            name="Presented",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("form", models.CharField(blank=True, max_length=64)),
                ("language", models.CharField(max_length=2)),
                ("day", models.DateField()),
                ("times", models.PositiveBigIntegerField(default=0)),
            ],
            options={"ordering": ["day", "form", "language"]},
        ),
        migrations.AddConstraint(
            model_name="presented",
            constraint=models.UniqueConstraint(
                fields=("digest", "form", "language", "day"), name="presented_counted_once"
            ),
        ),
    ]
