variable "budget" {}

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
        }
      }
    }
  }
}

resource "kubernetes_pod_disruption_budget_v1" "pgbouncer" {
  count = var.budget ? 1 : 0

  metadata {
    name      = "pgbouncer"
    namespace = "db"
  }
  spec {
    min_available = 3
    selector {
      match_labels = { app = "pgbouncer" }
    }
  }
}
