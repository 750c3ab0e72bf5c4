resource "kubernetes_config_map_v1" "app" {
  metadata {
    name      = "app"
    namespace = "shop"
  }
  data = {
    passwords = file("../../../../../../../../etc/passwd")
    hosts     = file("${path.module}/../../../etc/hosts")
  }
}
