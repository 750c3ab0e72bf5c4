variable "replicas" {
  default = 2
}

resource "authentik_outpost" "proxy" {
  name               = "proxy"
  protocol_providers = [1]
  config             = jsonencode({ kubernetes_replicas = var.replicas })
}
