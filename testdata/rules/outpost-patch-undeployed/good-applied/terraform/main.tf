resource "authentik_outpost" "proxy" {
  name               = "proxy"
  protocol_providers = [1]
  config             = jsonencode(yamldecode(file("${path.module}/outpost.yaml")))
}
