variable "name" {}
variable "region" {}
variable "replicas" {}
variable "memory" {}

resource "kubernetes_stateful_set_v1" "web" {
  metadata {
    name   = var.name
    labels = { region = var.region }
  }
  spec {
    service_name = var.name
    replicas     = var.replicas
    selector { match_labels = { app = var.name } }
    template {
      metadata { labels = { app = var.name } }
      spec {
        container {
          name  = "web"
          image = "registry.example.org/web:1"
          resources { limits = { memory = var.memory } }
        }
      }
    }
  }
}
