resource "authentik_outpost" "proxy" {
  name               = "proxy"
  protocol_providers = [1]
  config = jsonencode({
    authentik_host = "https://login.example.com"
    kubernetes_json_patches = {
      deployment = [
        { op = "add", path = "/spec/minReadySeconds", value = 10 },
      ]
    }
  })
}
