"""When a knock is looked at again; whether a contact is known to be old enough."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("requests", "0024_forwarding")]

    operations = [
        migrations.AddField("knock", "not_before", models.DateTimeField(null=True)),
        migrations.AddField("challenge", "aged", models.BooleanField(default=False)),
    ]
