data "external" "nodes" {
  program = ["nodes"]
}

resource "helm_release" "authentik" {
  name       = "authentik"
  namespace  = "auth"
  repository = "https://charts.goauthentik.io"
  chart      = "authentik"
  version    = "2026.2.2"
  values     = [templatefile("${path.module}/values.yaml", { addresses = data.external.nodes.result })]
}
