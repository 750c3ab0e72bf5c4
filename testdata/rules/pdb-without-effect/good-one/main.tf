variable "budget" {}

resource "kubernetes_manifest" "web" {
  manifest = {
    apiVersion = "apps/v1"
    kind       = "Deployment"
    metadata   = { name = "web", namespace = "tf" }
    spec = {
      replicas = 3
      template = {
        metadata = { labels = { app = "web" } }
        spec     = { containers = [{ name = "web", image = "web:1.0.0" }] }
      }
    }
  }
}

resource "kubernetes_manifest" "budget" {
  manifest = {
    apiVersion = "policy/v1"
    kind       = "PodDisruptionBudget"
    metadata   = { name = "web", namespace = "tf" }
    spec       = merge({ selector = { matchLabels = { app = "web" } } }, var.budget)
  }
}
