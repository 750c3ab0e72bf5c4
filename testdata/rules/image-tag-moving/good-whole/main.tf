variable "tag" {}

resource "kubernetes_manifest" "db" {
  manifest = {
    apiVersion = "apps/v1"
    kind       = "StatefulSet"
    metadata   = { name = "db", namespace = "tf" }
    spec = {
      volumeClaimTemplates = [{ metadata = { name = "data" } }]
      template             = { metadata = {}, spec = { containers = [{ name = "db", image = "redis:${var.tag}" }] } }
    }
  }
}
