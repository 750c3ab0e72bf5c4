resource "helm_release" "authentik" {
  name       = "authentik"
  namespace  = "auth-NUMBER"
  repository = "https://charts.goauthentik.io"
  chart      = "authentik"
  version    = "2026.2.2"
  values = [
    file("${path.module}/values.yaml"),
    yamlencode({
      global = { addPrometheusAnnotations = true }
    }),
  ]
}

resource "helm_release" "traefik" {
  name       = "traefik"
  namespace  = "traefik-NUMBER"
  repository = "https://traefik.github.io/charts"
  chart      = "traefik"
  version    = "37.0.0"
  values = [yamlencode({
    deployment = { replicas = 3 }
    podDisruptionBudget = {
      enabled        = true
      maxUnavailable = 1
    }
    resources = {
      requests = { cpu = "100m", memory = "128Mi" }
      limits   = { memory = "256Mi" }
    }
  })]
}
