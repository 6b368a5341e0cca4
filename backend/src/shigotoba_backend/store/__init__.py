"""The store: schema, migrations, connections, and SQL loaded by name."""
