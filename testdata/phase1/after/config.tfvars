cluster_domain  = "example.org"
database_host   = "postgresql.dbaas"
pgbouncer_image = "edoburu/pgbouncer:latest"
