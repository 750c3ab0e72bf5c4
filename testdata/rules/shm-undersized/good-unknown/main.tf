variable "mount" {}
variable "path" {}

resource "authentik_outpost" "mount" {
  name               = "mount"
  protocol_providers = [1]
  config = jsonencode({ kubernetes_json_patches = { deployment = [
    { op = "add", path = "/spec/template/spec/containers/0/volumeMounts", value = [var.mount] },
  ] } })
}

resource "authentik_outpost" "path" {
  name               = "path"
  protocol_providers = [1]
  config = jsonencode({ kubernetes_json_patches = { deployment = [
    { op = "add", path = "/spec/template/spec/containers/0/volumeMounts", value = [{ name = "a", mountPath = var.path }] },
  ] } })
}

resource "authentik_outpost" "text" {
  name               = "text"
  protocol_providers = [1]
  config             = "kubernetes_replicas: [2"
}
