#!/bin/sh
# Makes the program's role when the database is made; compose.yaml mounts it where PostgreSQL's image looks for it.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --file /deploy/roles.sql
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --set password="$(cat /run/secrets/database_password)" <<'SQL'
ALTER ROLE packbench PASSWORD :'password';
SQL
