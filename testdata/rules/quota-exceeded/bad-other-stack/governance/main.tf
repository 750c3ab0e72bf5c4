resource "kubernetes_resource_quota_v1" "shop" {
  metadata {
    name      = "quota"
    namespace = "shop"
  }
  spec {
    hard = { "requests.memory" = "1Gi" }
  }
}
