resource "kubernetes_namespace" "authentik" {
  metadata {
    name = "authentik"
    labels = {
      tier = var.tier
    }
  }
}

resource "kubernetes_secret" "authentik" {
  metadata {
    name      = "goauthentik"
    namespace = kubernetes_namespace.authentik.metadata[0].name
  }
  data = {
    AUTHENTIK_SECRET_KEY           = var.secret_key
    AUTHENTIK_POSTGRESQL__PASSWORD = var.postgres_password
  }
}

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
