locals {
  cpu = { request = 1.5, limit = "1200m" }
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
        container {
          name  = "pgbouncer"
          image = "edoburu/pgbouncer:v1.24.1-p1"
          resources {
            requests = { cpu = local.cpu.request }
            limits   = { cpu = local.cpu.limit }
          }
        }
      }
    }
  }
}
