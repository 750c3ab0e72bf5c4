variable "env" {}

resource "kubernetes_deployment_v1" "pgbouncer" {
  metadata {
    name      = "pgbouncer"
    namespace = "db"
  }
  spec {
    replicas = 1
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

resource "kubernetes_horizontal_pod_autoscaler_v2" "pgbouncer" {
  metadata {
    name      = "pgbouncer"
    namespace = "db"
  }
  spec {
    min_replicas = 3
    max_replicas = 9
    scale_target_ref {
      api_version = "apps/v1"
      kind        = "Deployment"
      name        = "pgbouncer-${var.env}"
    }
  }
}
