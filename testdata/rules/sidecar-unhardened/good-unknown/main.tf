variable "root" {}
variable "capabilities" {}

resource "authentik_outpost" "proxy" {
  name               = "proxy"
  protocol_providers = [1]
  config = jsonencode({ kubernetes_json_patches = { deployment = [{
    op   = "add"
    path = "/spec/template/spec/containers/-"
    value = {
      name      = "tidy"
      image     = "busybox:1.37.0"
      resources = { limits = { cpu = "1", memory = "64Mi" } }
      securityContext = {
        runAsNonRoot             = var.root
        allowPrivilegeEscalation = false
        readOnlyRootFilesystem   = true
        capabilities             = var.capabilities
      }
    }
  }] } })
}
