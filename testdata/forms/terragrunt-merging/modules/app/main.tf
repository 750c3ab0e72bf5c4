variable "replicas" {
  type     = number
  default  = 1
  nullable = false
}
variable "labels" {
  type    = map(string)
  default = {}
}

resource "kubernetes_deployment" "app" {
  metadata { name = "app" }
  spec {
    replicas = var.replicas
    selector { match_labels = { app = "app" } }
    template {
      metadata { labels = merge({ app = "app" }, var.labels) }
      spec {
        container {
          name  = "app"
          image = "registry.example.org/app:1"
        }
      }
    }
  }
}

