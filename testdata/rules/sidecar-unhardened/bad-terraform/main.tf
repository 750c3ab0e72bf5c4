resource "authentik_outpost" "proxy" {
  name               = "proxy"
  protocol_providers = [1]
  config = jsonencode({
    kubernetes_json_patches = {
      deployment = [{
        op   = "add"
        path = "/spec/template/spec/containers/1"
        value = {
          name  = "tidy"
          image = "busybox"
          resources = {
            limits = { cpu = "1", memory = "64Mi" }
          }
          securityContext = { runAsNonRoot = true, capabilities = { drop = ["NET_RAW"] } }
        }
      }]
    }
  })
}
