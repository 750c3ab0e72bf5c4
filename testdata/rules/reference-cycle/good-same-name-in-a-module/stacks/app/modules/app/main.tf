variable "a" {}

locals {
  a = var.a
}

resource "kubernetes_namespace_v1" "app" {
  metadata {
    name = local.a
  }
}
