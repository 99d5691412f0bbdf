#!/bin/sh
# Run once, when the cluster is made: a role for the hubs that owns their database and is no superuser, so that not
# even an injected statement reaches the machine. The extensions that Atrium needs are ones that an owner may create.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres --set password="$ATRIUM_DATABASE_PASSWORD" <<'SQL'
CREATE ROLE atrium LOGIN PASSWORD :'password';
CREATE DATABASE atrium OWNER atrium;
SQL
