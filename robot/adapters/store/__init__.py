"""The robot's own database: tables, migrations, and queries by subject."""
