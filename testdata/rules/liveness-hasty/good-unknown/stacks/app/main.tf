data "vault_kv_secret_v2" "probe" {
  mount = "kv"
  name  = "probe"
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
          liveness_probe {
            failure_threshold = data.vault_kv_secret_v2.probe.data["failures"]
            tcp_socket {
              port = 6432
            }
          }
        }
      }
    }
  }
}
