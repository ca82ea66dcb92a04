from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('content', '0001_initial'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='contentitem',
            index=models.Index(fields=['workspace', 'created_at'], name='item_by_time'),
        ),
        # A tag's items in the order of the gallery; Django's own index of the link table has them in no order.
        migrations.RunSQL(
            'CREATE INDEX item_by_tag ON content_contentitem_tags (tag_id, contentitem_id)', 'DROP INDEX item_by_tag'
        ),
    ]
