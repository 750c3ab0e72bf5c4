variable "labels" {}

resource "kubernetes_manifest" "web" {
  manifest = {
    apiVersion = "apps/v1"
    kind       = "Deployment"
    metadata   = { name = "web", namespace = "tf" }
    spec = {
      selector = { matchLabels = { app = "web" } }
      template = {
        metadata = { labels = var.labels }
        spec     = { containers = [{ name = "web", image = "web:1.0.0" }] }
      }
    }
  }
}
