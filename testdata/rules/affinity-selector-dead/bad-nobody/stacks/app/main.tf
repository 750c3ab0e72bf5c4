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
        affinity {
          pod_anti_affinity {
            required_during_scheduling_ignored_during_execution {
              topology_key = "kubernetes.io/hostname"
              label_selector {
                match_expressions {
                  key      = "component"
                  operator = "In"
                  values   = ["server"]
                }
              }
            }
          }
        }
        container {
          name  = "pgbouncer"
          image = "edoburu/pgbouncer:v1.24.1-p1"
        }
      }
    }
  }
}
