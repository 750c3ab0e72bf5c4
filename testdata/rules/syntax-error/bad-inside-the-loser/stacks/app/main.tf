resource "kubernetes_config_map_v1" "app" {
  metadata {
    name      = "app"
    namespace = "shop"
  }
  data = {
    mode   = fast"
    "mode" = "safe"
  }
}
