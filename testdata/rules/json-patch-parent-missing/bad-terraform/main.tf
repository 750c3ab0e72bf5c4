locals {
  volume = "/spec/template/spec/volumes/-"
}

resource "authentik_outpost" "proxy" {
  name               = "proxy"
  protocol_providers = [1]
  config = jsonencode({
    kubernetes_json_patches = {
      deployment = [
        {
          op    = "add"
          path  = local.volume
          value = { name = "dshm", emptyDir = { medium = "Memory", sizeLimit = "512Mi" } }
        },
      ]
    }
  })
}
