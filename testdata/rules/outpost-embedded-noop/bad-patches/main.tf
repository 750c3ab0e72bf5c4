resource "authentik_outpost" "embedded" {
  name               = "authentik Embedded Outpost"
  protocol_providers = [1]
  config = jsonencode({
    kubernetes_replicas = 2
    kubernetes_json_patches = {
      deployment = [{ op = "add", path = "/spec/minReadySeconds", value = 10 }]
    }
  })
}
