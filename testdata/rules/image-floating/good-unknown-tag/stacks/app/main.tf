data "vault_kv_secret_v2" "tags" {
  mount = "kv"
  name  = "tags"
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
          image = "edoburu/pgbouncer:${data.vault_kv_secret_v2.tags.data["pgbouncer"]}"
        }
      }
    }
  }
}
