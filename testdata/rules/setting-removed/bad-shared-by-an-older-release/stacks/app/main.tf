resource "helm_release" "new" {
  name       = "new"
  repository = "https://charts.goauthentik.io"
  chart      = "authentik"
  version    = "2026.2.2"
  values     = [file("${path.module}/values.yaml")]
}

resource "helm_release" "old" {
  name       = "old"
  repository = "https://charts.goauthentik.io"
  chart      = "authentik"
  version    = "2025.8.1"
  values     = [file("${path.module}/values.yaml")]
}
