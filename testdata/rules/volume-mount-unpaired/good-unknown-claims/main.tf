variable "claims" {}

resource "kubernetes_manifest" "db" {
  manifest = {
    apiVersion = "apps/v1"
    kind       = "StatefulSet"
    metadata   = { name = "db", namespace = "shop" }
    spec = {
      volumeClaimTemplates = var.claims
      template = {
        metadata = { labels = { app = "db" } }
        spec     = { containers = [{ name = "db", image = "db:1.0.0", volumeMounts = [{ name = "data", mountPath = "/data" }] }] }
      }
    }
  }
}
