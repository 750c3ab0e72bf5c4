resource "authentik_provider_proxy" "app" {
  name                  = "app"
  external_host         = "https://app.example.com"
  access_token_validity = "hours=1"
}

locals {
  outpost = yamldecode(file("${path.module}/outpost.yaml"))
}

resource "authentik_outpost" "proxy" {
  name               = "Edge Proxy"
  protocol_providers = [authentik_provider_proxy.app.id]
  config             = jsonencode(merge({ kubernetes_namespace = "authentik" }, local.outpost))
}
