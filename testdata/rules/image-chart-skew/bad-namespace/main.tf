resource "helm_release" "authentik" {
  name       = "authentik"
  namespace  = "auth"
  repository = "https://charts.goauthentik.io"
  chart      = "authentik"
  version    = "2026.2.2"
  values     = [file("${path.module}/values.yaml")]
}

resource "kubernetes_namespace_v1" "auth" {
  metadata {
    name = "auth"
    labels = {
      "keel.sh/policy" = "all"
    }
  }
}
