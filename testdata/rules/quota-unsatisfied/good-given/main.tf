variable "resources" {}

resource "kubernetes_manifest" "web" {
  manifest = {
    apiVersion = "apps/v1"
    kind       = "Deployment"
    metadata   = { name = "web", namespace = "b" }
    spec       = { template = { metadata = {}, spec = { containers = [{ name = "web", image = "web:1.0.0", resources = var.resources }] } } }
  }
}
