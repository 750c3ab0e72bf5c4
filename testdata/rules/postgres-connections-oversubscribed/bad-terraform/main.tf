resource "kubernetes_manifest" "db" {
  manifest = yamldecode(<<-YAML
    apiVersion: postgresql.cnpg.io/v1
    kind: Cluster
    metadata: { name: db, namespace: auth }
    spec:
      postgresql:
        parameters:
          max_connections: "100"
  YAML
  )
}

resource "kubernetes_manifest" "pool" {
  manifest = {
    apiVersion = "postgresql.cnpg.io/v1"
    kind       = "Pooler"
    metadata   = { name = "pool", namespace = "auth" }
    spec = {
      cluster   = { name = "db" }
      instances = 3
      pgbouncer = { poolMode = "session", parameters = { default_pool_size = "25" } }
    }
  }
}
