variable "replicas" {}

resource "kubernetes_deployment_v1" "web" {
  metadata {
    name      = "web"
    namespace = "apps"
  }
  spec {
    replicas = var.replicas
    selector {
      match_labels = { app = "web" }
    }
    template {
      metadata {
        labels = { app = "web" }
      }
      spec {
        container {
          name  = "web"
          image = "registry.example/web:1.0.0"
        }
        dynamic "container" {
          for_each = toset(["b", "a"])
          iterator = side
          content {
            name  = "side-${side.key}"
            image = "registry.example/side:1.0.0"
          }
        }
      }
    }
  }
  lifecycle {
    ignore_changes = [spec[0].replicas]
  }
}
