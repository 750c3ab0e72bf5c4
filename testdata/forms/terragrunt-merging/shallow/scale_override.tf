# An override file of the unit lies over its source.
resource "kubernetes_deployment" "app" {
  metadata { name = "app-overridden" }
}
