variable "volumes" {}

resource "kubernetes_manifest" "web" {
  manifest = {
    apiVersion = "v1"
    kind       = "Pod"
    metadata   = { name = "web", namespace = "shop" }
    spec = {
      containers = [{ name = "web", image = "web:1.0.0", volumeMounts = [{ name = "a", mountPath = "/a" }] }]
      volumes    = var.volumes
    }
  }
}
