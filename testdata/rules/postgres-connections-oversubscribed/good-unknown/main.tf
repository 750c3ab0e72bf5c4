variable "connections" {}

resource "kubernetes_manifest" "db" {
  manifest = {
    apiVersion = "postgresql.cnpg.io/v1"
    kind       = "Cluster"
    metadata   = { name = "db", namespace = "auth" }
    spec       = { postgresql = { parameters = { max_connections = var.connections } } }
  }
}
