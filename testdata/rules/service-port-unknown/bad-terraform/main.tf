locals {
  pooler_port = 5432
}

resource "kubernetes_service_v1" "pooler" {
  metadata {
    name      = "pooler"
    namespace = "shop"
  }
  spec {
    selector = { app = "pooler" }
    port {
      port = 6432
    }
  }
}

resource "kubernetes_deployment_v1" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
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
            name  = "DATABASE"
            value = "${kubernetes_service_v1.pooler.metadata[0].name}.shop:${local.pooler_port}"
          }
        }
      }
    }
  }
}
