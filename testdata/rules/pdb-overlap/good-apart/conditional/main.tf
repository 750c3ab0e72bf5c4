variable "guarded" { type = bool }

resource "kubernetes_deployment_v1" "web" {
  metadata {
    name      = "web"
    namespace = "tf"
  }
  spec {
    replicas = 3
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
        }
      }
    }
  }
}

resource "kubernetes_pod_disruption_budget_v1" "web" {
  metadata {
    name      = "web"
    namespace = "tf"
  }
  spec {
    max_unavailable = "1"
    selector {
      match_labels = { app = "web" }
    }
  }
}

resource "kubernetes_pod_disruption_budget_v1" "guarded" {
  count = var.guarded ? 1 : 0
  metadata {
    name      = "guarded"
    namespace = "tf"
  }
  spec {
    max_unavailable = "1"
    selector {
      match_labels = { app = "web" }
    }
  }
}
