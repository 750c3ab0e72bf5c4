variable "patches" {}

resource "authentik_outpost" "proxy" {
  name               = "proxy"
  protocol_providers = [1]
  config             = jsonencode({ kubernetes_json_patches = { deployment = var.patches } })
}
