resource "authentik_service_connection_docker" "local" {
  name = "local"
}

resource "authentik_outpost" "docker" {
  name               = "docker"
  protocol_providers = [1]
  service_connection = authentik_service_connection_docker.local.id
}

resource "authentik_outpost" "disabled" {
  name               = "disabled"
  protocol_providers = [1]
  config             = jsonencode({ kubernetes_disabled_components = ["deployment"] })
}
