variable "name" {}

resource "kubernetes_deployment_v1" "web" {
  metadata {
    name      = var.name
    namespace = "shop"
  }
  spec {
    replicas = 2
    selector {
      match_labels = {
        app = var.name
      }
    }
    template {
      metadata {
        labels = {
          app = var.name
        }
      }
      spec {
        container {
          name  = "web"
          image = "web:1.0.0"
        }
      }
    }
  }
}
