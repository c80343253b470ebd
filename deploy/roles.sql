-- The program's role. It reads and writes rows, and owns nothing: it cannot change a table, nor drop or disable the
-- triggers that keep the ledger and the order events append-only. Run as the role that owns the tables, before the
-- first `flask db upgrade`.
CREATE ROLE packbench LOGIN;
GRANT USAGE ON SCHEMA public TO packbench;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO packbench;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO packbench;
