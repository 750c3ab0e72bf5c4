resource "kubernetes_ingress" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
  }
  spec {
    backend {
      service_name = "web"
      service_port = 80
    }
  }
}

resource "kubernetes_horizontal_pod_autoscaler_v2beta2" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
  }
  spec {
    max_replicas = 5
    scale_target_ref {
      kind = "Deployment"
      name = "web"
    }
  }
}
