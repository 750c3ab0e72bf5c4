locals {
  a = "x-${local.b}"
  b = upper(local.a)
}

resource "kubernetes_namespace_v1" "app" {
  metadata {
    name = local.a
  }
}
