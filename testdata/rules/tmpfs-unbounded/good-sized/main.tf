variable "volume" {}

resource "kubernetes_manifest" "web" {
  manifest = {
    apiVersion = "v1"
    kind       = "Pod"
    metadata   = { name = "web", namespace = "shop" }
    spec = {
      containers = [{ name = "web", image = "web:1.0.0" }]
      volumes    = [{ name = "cache", emptyDir = merge({ medium = "Memory" }, var.volume) }]
    }
  }
}
