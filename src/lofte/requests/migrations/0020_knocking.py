"""Who knocks at the door of the portal; codes that pass in one session; wishes that are withdrawn."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("requests", "0019_receiving_cases")]

    operations = [
        migrations.AddField(
            model_name="challenge",
            name="told",
            field=models.BinaryField(blank=True, default=bytes),
        ),
        migrations.AddField(
            model_name="challenge",
            name="claim",
            field=models.CharField(blank=True, db_index=True, default="", max_length=32),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="request",
            name="state",
            field=models.CharField(
                choices=[
                    ("received", "Received"),
                    ("identified", "Identified"),
                    ("searching", "Searching"),
                    ("ready", "Ready"),
                    ("delivered", "Delivered"),
                    ("refused", "Refused"),
                    ("withdrawn", "Withdrawn"),
                ],
                db_index=True,
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="Knock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("what", models.CharField(max_length=10)),
                ("claim", models.CharField(db_index=True, max_length=32)),
                ("number", models.CharField(blank=True, max_length=11)),
                ("address", models.CharField(blank=True, max_length=64)),
                ("network", models.CharField(max_length=64)),
                ("at", models.DateTimeField(db_index=True)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="knocks",
                        to="requests.case",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["what", "network", "at"], name="knock_network"),
                    models.Index(fields=["what", "address", "at"], name="knock_address"),
                ],
            },
        ),
    ]
