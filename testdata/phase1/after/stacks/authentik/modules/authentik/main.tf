resource "kubernetes_namespace" "authentik" {
  metadata {
    name = "authentik"
    labels = {
      tier = var.tier
    }
  }
}

# The Secret goauthentik is filled from Vault by an operator and stands in no file.
resource "helm_release" "authentik" {
  name       = "goauthentik"
  namespace  = kubernetes_namespace.authentik.metadata[0].name
  repository = "https://charts.goauthentik.io"
  chart      = "authentik"
  version    = "2026.2.2"
  atomic     = true
  timeout    = 600

  values = [templatefile("${path.module}/values.yaml", {
    domain            = var.domain
    postgres_password = var.postgres_password
    secret_key        = var.secret_key
  })]
}
