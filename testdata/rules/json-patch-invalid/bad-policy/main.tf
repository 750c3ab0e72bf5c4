variable "strict" { type = bool }

resource "kubernetes_manifest" "policy" {
  count = var.strict ? 1 : 0
  manifest = {
    apiVersion = "kyverno.io/v1"
    kind       = "ClusterPolicy"
    metadata   = { name = "labels" }
    spec = {
      rules = [{
        name   = "label"
        mutate = { patchesJson6902 = yamlencode([{ op = "append", path = "/metadata/labels/a", value = "b" }]) }
      }]
    }
  }
  lifecycle {
    ignore_changes = all
  }
}
