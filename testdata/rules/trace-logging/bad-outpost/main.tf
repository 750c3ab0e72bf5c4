resource "authentik_outpost" "proxy" {
  name               = "proxy"
  protocol_providers = [1]
  config             = jsonencode({ log_level = "trace" })
}
