resource "kubernetes_config_map" "settings" {
  metadata { name = "settings-of-the-module" }
}
