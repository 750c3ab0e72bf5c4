variable "namespace" { type = string }
variable "labels" { type = map(string) }
variable "zones" { type = list(string) }
variable "image" { type = string }
variable "replicas" { type = number }
variable "database" { type = string }
variable "memory" { type = string }

resource "kubernetes_deployment_v1" "web" {
  metadata {
    name      = "web"
    namespace = var.namespace
    labels    = var.labels
  }
  spec {
    replicas = var.replicas
    selector {
      match_labels = { app = "web" }
    }
    template {
      metadata {
        labels = merge({ app = "web" }, var.labels)
      }
      spec {
        termination_grace_period_seconds = local.grace
        container {
          name  = "web"
          image = var.image
          env {
            name  = "DATABASE_HOST"
            value = var.database
          }
          resources {
            requests = { memory = "128Mi" }
            limits   = { memory = var.memory }
          }
        }
      }
    }
  }
}

# Only where maps and lists of an included file and the unit's own become one.
resource "kubernetes_pod_disruption_budget_v1" "web" {
  count = contains(var.zones, "å") && contains(var.zones, "1.4.2") ? 1 : 0
  metadata {
    name      = "web"
    namespace = var.namespace
  }
  spec {
    max_unavailable = 0
    selector {
      match_labels = { team = "identity", unit = "web", owner = "identity" }
    }
  }
}
