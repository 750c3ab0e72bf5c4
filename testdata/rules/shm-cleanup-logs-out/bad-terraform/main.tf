locals {
  validity = "weeks=4"
}

resource "authentik_provider_proxy" "app" {
  name                  = "app"
  access_token_validity = local.validity
}

resource "authentik_provider_proxy" "other" {
  name                  = "other"
  access_token_validity = "years=1;hours=1"
}

resource "authentik_outpost" "proxy" {
  name               = "proxy"
  protocol_providers = [authentik_provider_proxy.app.id, authentik_provider_proxy.other.id]
  config = jsonencode({
    kubernetes_json_patches = {
      deployment = [{
        op   = "add"
        path = "/spec/template/spec/containers/-"
        value = {
          name  = "tidy"
          image = "busybox:1.37.0"
          command = ["sh", "-c", <<-EOT
            while true; do
              find /dev/shm -type f -mmin +60 -delete
              sleep 3600
            done
          EOT
          ]
        }
      }]
    }
  })
}
