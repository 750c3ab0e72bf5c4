data "vault_kv_secret_v2" "pod" {
  mount = "kv"
  name  = "pod"
}

resource "kubectl_manifest" "pgbouncer" {
  yaml_body = yamlencode({
    apiVersion = "apps/v1"
    kind       = "Deployment"
    metadata   = { name = "pgbouncer", namespace = "db" }
    spec = {
      replicas = 3
      selector = { matchLabels = { app = "pgbouncer" } }
      template = {
        metadata = { labels = { app = "pgbouncer" } }
        spec = {
          containers = [merge(jsondecode(data.vault_kv_secret_v2.pod.data["container"]), {
            name  = "pgbouncer"
            image = "edoburu/pgbouncer:v1.24.1-p1"
            ports = [{ containerPort = 6432 }]
          })]
        }
      }
    }
  })
}
