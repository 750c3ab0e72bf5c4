variable "user" {
  sensitive = true
  default   = "s3cr3t"
}

variable "level" {
  default = "info"
}

resource "helm_release" "authentik" {
  name       = "authentik"
  repository = "https://charts.goauthentik.io"
  chart      = "authentik"
  version    = "2026.2.2"
  values = [
    templatefile("${path.module}/values.yaml", { level = var.level }),
    yamlencode({
      authentik = {
        email = {
          username = var.user
          port     = 587
        }
      }
    }),
  ]
}
