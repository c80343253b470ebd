"""The database's own rules, the migrations, the write gate and the unit of work, on both engines."""
