resource "kubernetes_config_map_v1" "app" {
  metadata {
    name      = "app"
    namespace = "shop"
  }
  data = {
    "a.conf" = file("${path.module}/../../shared/a.conf")
  }
}
