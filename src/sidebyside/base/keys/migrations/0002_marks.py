from django.db import migrations, models


class Migration(migrations.Migration):
    """Keys of texts in the first, unreleased format open nothing any more; they are not carried over."""

    dependencies = [
        ("keys", "0001_initial"),
    ]

    operations = [
        migrations.DeleteModel(name="DataKey"),
        migrations.CreateModel(
            name="DataKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mark",
                    models.CharField(
                        help_text="Random, in hexadecimal: it never comes again.", max_length=32, unique=True
                    ),
                ),
                ("scope", models.CharField(db_index=True, max_length=60)),
                ("wrapped", models.BinaryField()),
                ("made_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="KeyStore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mark", models.CharField(help_text="Random; the same stands in the main database.", max_length=32)),
                (
                    "proof",
                    models.BinaryField(
                        help_text="The mark, wrapped by the master key: who can unwrap it has the right one."
                    ),
                ),
                (
                    "bound_at",
                    models.DateTimeField(help_text="When the main database was seen to keep the mark.", null=True),
                ),
            ],
        ),
    ]
