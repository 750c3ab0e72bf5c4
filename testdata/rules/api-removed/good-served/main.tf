variable "api" {}

resource "kubernetes_manifest" "web" {
  manifest = {
    apiVersion = var.api
    kind       = "PodDisruptionBudget"
    metadata   = { name = "web", namespace = "shop" }
  }
}

resource "kubernetes_horizontal_pod_autoscaler" "web" {
  metadata {
    name = "web"
  }
  spec {
    max_replicas = 3
    scale_target_ref {
      kind = "Deployment"
      name = "web"
    }
  }
}
