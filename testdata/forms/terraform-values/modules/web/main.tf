variable "name" {}
variable "replicas" {}
variable "memory" {}
variable "cpu" {}
variable "zones" {}

resource "kubernetes_deployment" "web" {
  metadata { name = var.name }
  spec {
    replicas = var.replicas
    template {
      metadata { labels = { app = var.name } }
      spec {
        container {
          name  = "web"
          image = "registry.example.org/web:${split("/", path.module)[1]}"
          resources {
            requests = { cpu = var.cpu, memory = "2Gi" }
            limits   = { memory = var.memory }
          }
          dynamic "env" {
            for_each = [for zone in var.zones : { name = "ZONE_${upper(zone)}", value = zone }]
            iterator = zone
            content {
              name  = zone.value.name
              value = zone.value.value
            }
          }
        }
        dynamic "container" {
          for_each = var.zones
          content {
            name  = "side-${container.value}"
            image = "registry.example.org/side"
            dynamic "port" {
              for_each = range(container.key + 1)
              content {
                container_port = 8000 + port.value
              }
            }
          }
        }
      }
    }
  }
}

resource "kubernetes_pod_disruption_budget_v1" "web" {
  metadata { name = var.name }
  spec {
    min_available = "${100 - 1}%"
    selector { match_labels = kubernetes_deployment.web.spec[0].template[0].metadata[0].labels }
  }
}
