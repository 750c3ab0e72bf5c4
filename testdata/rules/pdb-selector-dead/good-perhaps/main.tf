variable "wanted" {
  type = bool
}

resource "kubernetes_deployment_v1" "web" {
  count = var.wanted ? 1 : 0
  metadata {
    name      = "web"
    namespace = "shop"
  }
  spec {
    template {
      metadata {
        labels = { app = "web" }
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

resource "kubernetes_pod_disruption_budget_v1" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
  }
  spec {
    max_unavailable = 1
    selector {
      match_labels = { app = "web" }
    }
  }
}
