variable "extra" {
  default = [{ name = "LEVEL", value = "debug" }]
}

resource "kubernetes_deployment_v1" "web" {
  metadata {
    name = "web"
  }
  spec {
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
          image = "web:1.0.0"
          env {
            name  = "LEVEL"
            value = "info"
          }
          dynamic "env" {
            for_each = var.extra
            content {
              name  = env.value.name
              value = env.value.value
            }
          }
        }
      }
    }
  }
}
