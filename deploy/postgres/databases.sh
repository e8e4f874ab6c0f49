#!/bin/sh
# Makes each service's database with its owner (migrations) and its application role (rows only). The PostgreSQL image
# runs this once, on an empty data folder; ./tollwire up does the same by tools/servers/provision.ts.
set -eu
for service in edge card rating routing catalog cdr; do
  database="tollwire_$service"
  psql -v ON_ERROR_STOP=1 -v password="$TOLLWIRE_PASSWORD" -U postgres -d postgres << SQL
    CREATE ROLE ${database}_owner LOGIN PASSWORD :'password';
    CREATE ROLE ${database}_app LOGIN PASSWORD :'password';
    CREATE DATABASE $database OWNER ${database}_owner;
    REVOKE ALL ON DATABASE $database FROM PUBLIC;
    GRANT CONNECT ON DATABASE $database TO ${database}_app;
SQL
done
