# A file of the unit lies beside those of its source.
resource "kubernetes_config_map" "own" {
  metadata { name = "own" }
}
