resource "helm_release" "authentik" {
  name       = "authentik"
  namespace  = "auth"
  repository = "https://charts.goauthentik.io"
  chart      = "authentik"
  version    = "2026.2.2"
  set {
    name  = "server.hpa.enabled"
    value = "true"
  }

  set {
    name  = "server.podAnnotations.keel\\.sh/policy"
    value = "patch"
  }
  values     = [file("${path.module}/values.yaml")]
}
