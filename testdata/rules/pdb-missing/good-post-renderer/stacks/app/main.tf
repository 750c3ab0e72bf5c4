resource "helm_release" "authentik" {
  name       = "authentik"
  namespace  = "auth"
  repository = "https://charts.goauthentik.io"
  chart      = "authentik"
  version    = "2026.2.2"
  postrender {
    binary_path = "./patch.sh"
  }
  values     = [file("${path.module}/values.yaml")]
}
