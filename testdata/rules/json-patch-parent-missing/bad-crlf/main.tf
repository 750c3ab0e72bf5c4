
resource "authentik_outpost" "proxy" {
  name               = "proxy"
  protocol_providers = [1]
  config = jsonencode({
    kubernetes_json_patches = {
      deployment = [{
        op   = "add"
        path = "/spec/template/spec/volumes/-"
        value = {
          name     = "dshm"
          emptyDir = { medium = "Memory", sizeLimit = "512Mi" }
        }
      }]
    }
  })
}
