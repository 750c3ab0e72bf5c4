resource "helm_release" "authentik" {
  name       = "authentik"
  namespace  = "auth"
  repository = "https://charts.goauthentik.io"
  chart      = "authentik"
  version    = "2025.10.3"
  values     = [file("${path.module}/values.yaml")]
}
