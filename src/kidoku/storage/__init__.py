"""Database engine: connections, the writer, group commit, migrations."""
