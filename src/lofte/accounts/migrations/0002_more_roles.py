from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_start'),
    ]

    operations = [
        migrations.AlterField(
            model_name='handler',
            name='role',
            field=models.CharField(choices=[('officer', 'Data protection officer'), ('handler', 'Handler'), ('approver', 'Approver'), ('finance', 'Finance'), ('auditor', 'Auditor'), ('system_owner', 'System owner'), ('administrator', 'Administrator')], max_length=20, verbose_name='role'),
        ),
    ]
