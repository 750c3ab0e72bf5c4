variable "pool_mode" {
  default = "session"
}

resource "kubernetes_config_map_v1" "pgbouncer" {
  metadata {
    name      = "pgbouncer"
    namespace = "db"
  }
  data = {
    "pgbouncer.ini" = templatefile("${path.module}/pgbouncer.ini", { pool_mode = var.pool_mode, databases = ["a", "b"] })
  }
}

resource "kubernetes_deployment_v1" "pgbouncer" {
  metadata {
    name      = "pgbouncer"
    namespace = "db"
  }
  spec {
    replicas = 3
    selector {
      match_labels = { app = "pgbouncer" }
    }
    template {
      metadata {
        labels = { app = "pgbouncer" }
      }
      spec {
        volume {
          name = "config"
          config_map {
            name = kubernetes_config_map_v1.pgbouncer.metadata[0].name
          }
        }
        container {
          name  = "pgbouncer"
          image = "edoburu/pgbouncer:v1.24.1-p1"
          volume_mount {
            name       = "config"
            mount_path = "/etc/pgbouncer"
          }
        }
      }
    }
  }
}
