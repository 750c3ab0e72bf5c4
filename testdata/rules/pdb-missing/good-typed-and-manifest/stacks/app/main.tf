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

resource "kubernetes_manifest" "budget" {
  manifest = yamldecode(<<-EOT
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata:
      name: pgbouncer
      namespace: db
    spec:
      maxUnavailable: 1
      selector:
        matchLabels:
          app: pgbouncer
  EOT
  )
}
