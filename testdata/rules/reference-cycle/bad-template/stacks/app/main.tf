locals {
  a = templatefile("${path.module}/a.tpl", {})
}

resource "kubernetes_namespace_v1" "app" {
  metadata {
    name = local.a
  }
}
