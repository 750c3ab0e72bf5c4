resource "kubernetes_deployment" "old" {
  metadata { name = "terraform" }
  spec {
    template {
      spec {
        container { name = "a" }
      }
    }
  }
}
