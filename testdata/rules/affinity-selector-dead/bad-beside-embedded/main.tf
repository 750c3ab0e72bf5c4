resource "authentik_outpost" "embedded" {
  name               = "authentik Embedded Outpost"
  protocol_providers = [1]
  config = jsonencode({
    kubernetes_namespace    = "authentik"
    kubernetes_json_patches = { deployment = [{ op = "add", path = "/spec/minReadySeconds", value = 10 }] }
  })
}
