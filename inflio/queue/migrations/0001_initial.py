"""The record of periodic hooks."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="PeriodicRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hook", models.CharField(max_length=200, unique=True)),
                ("ran_at", models.DateTimeField()),
                ("error", models.CharField(blank=True, max_length=500)),
            ],
        ),
    ]
