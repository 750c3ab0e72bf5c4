variable "size" {}

resource "kubernetes_config_map_v1" "pgbouncer" {
  metadata {
    name      = "pgbouncer"
    namespace = "db"
  }
  data = {
    "pgbouncer.ini" = "[databases]\nauthentik = host=db pool_size=${var.size}\n[pgbouncer]\npool_mode = session\n"
  }
}
