data "vault_kv_secret_v2" "flags" {
  mount = "kv"
  name  = "flags"
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
        }
      }
    }
  }
}

resource "kubernetes_pod_disruption_budget_v1" "pgbouncer" {
  count = data.vault_kv_secret_v2.flags.data["budgets"] == "yes" ? 1 : 0

  metadata {
    name      = "pgbouncer"
    namespace = "db"
  }
  spec {
    max_unavailable = 1
    selector {
      match_labels = { app = "pgbouncer" }
    }
  }
}
