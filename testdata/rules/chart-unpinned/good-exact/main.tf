variable "version_of_chart" {}

resource "helm_release" "a" {
  name       = "authentik"
  namespace  = "authentik"
  repository = "https://charts.example.org"
  chart      = "authentik"
  version    = "2026.2.2"
}

resource "helm_release" "b" {
  name       = "traefik"
  namespace  = "traefik"
  repository = "https://charts.example.org"
  chart      = "traefik"
  version    = "1.0.0-rc.1"
}

resource "helm_release" "c" {
  name       = "crowdsec"
  namespace  = "crowdsec"
  repository = "https://charts.example.org"
  chart      = "crowdsec"
  version    = var.version_of_chart
}

resource "helm_release" "d" {
  name       = "other"
  namespace  = "other"
  repository = "https://charts.example.org"
  chart      = "other"
}

resource "helm_release" "e" {
  name       = "cloudflared"
  namespace  = "cloudflared"
  repository = "https://charts.example.org"
  chart      = "cloudflared"
  version    = local.pinned
}

locals {
  pinned = "2.2.0"
}
