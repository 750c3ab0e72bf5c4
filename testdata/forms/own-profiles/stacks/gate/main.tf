variable "public" { type = bool }

resource "helm_release" "gate" {
  name       = "gate"
  repository = "https://charts.example.org"
  chart      = "gateway"
  version    = "1.4.0"
  values = [yamlencode({
    replicaCount = 3
    listeners = {
      inner  = { port = 80 }
      outer  = { port = 443, enabled = var.public }
      absent = { port = 22, enabled = false }
    }
  })]
}
