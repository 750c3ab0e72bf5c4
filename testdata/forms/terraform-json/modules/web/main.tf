variable "memory" {}
variable "name" {}

resource "kubernetes_deployment" "web" {
  metadata { name = "web" }
  spec {
    replicas = 2
    template {
      metadata { labels = { app = var.name } }
      spec {
        container {
          name  = "web"
          image = "registry.example.org/web:1.0"
          resources { limits = { memory = var.memory } }
        }
      }
    }
  }
}
