variable "limits" {}

resource "kubernetes_limit_range_v1" "shop" {
  count = var.limits ? 1 : 0

  metadata {
    name      = "defaults"
    namespace = "shop"
  }
  spec {
    limit {
      type    = "Container"
      default = { memory = "256Mi" }
    }
  }
}
