resource "kubernetes_deployment_v1" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
  }
  spec {
    strategy {
      type = "Recreate"
      rolling_update {
        max_surge = 1
      }
    }
    template {
      metadata {
        labels = { app = "web" }
      }
      spec {
        container {
          name              = "web"
          image             = "web:1.0.0"
          image_pull_policy = "IfMissing"
          port {
            name           = "metrics-and-health"
            container_port = 9000
          }
        }
      }
    }
  }
}
