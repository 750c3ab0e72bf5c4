resource "helm_release" "authentik" {
  name       = "authentik"
  namespace  = "auth"
  repository = "https://charts.goauthentik.io"
  chart      = "authentik"
  version    = "2027.1.0"
  values     = [file("${path.module}/values.yaml")]
}
