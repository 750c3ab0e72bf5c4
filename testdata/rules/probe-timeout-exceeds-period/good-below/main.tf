variable "period" {}

resource "kubernetes_manifest" "web" {
  manifest = {
    apiVersion = "v1"
    kind       = "Pod"
    metadata   = { name = "web", namespace = "tf" }
    spec       = { containers = [{ name = "web", image = "web:1.0.0", livenessProbe = { tcpSocket = { port = 80 }, periodSeconds = var.period, timeoutSeconds = 20 } }] }
  }
}
