data "vault_kv_secret_v2" "v" {
  mount = "kv"
  name  = "v"
}

resource "helm_release" "authentik" {
  name       = "authentik"
  namespace  = "auth"
  repository = "https://charts.goauthentik.io"
  chart      = "authentik"
  version    = data.vault_kv_secret_v2.v.data["authentik"]
  values     = [file("${path.module}/values.yaml")]
}
