variable "affinity" {}

resource "kubernetes_manifest" "traefik" {
  manifest = {
    apiVersion = "apps/v1"
    kind       = "Deployment"
    metadata   = { name = "traefik", namespace = "tf" }
    spec = {
      replicas = 3
      template = {
        metadata = { labels = { app = "web" } }
        spec     = { affinity = var.affinity, containers = [{ name = "traefik", image = "traefik:v3.5.0" }] }
      }
    }
  }
}
