resource "kubernetes_deployment_v1" "authentik" {
  metadata {
    name      = "authentik-server"
    namespace = "auth"
  }
  spec {
    template {
      metadata {
        labels = { app = "authentik" }
      }
      spec {
        container {
          name  = "server"
          image = "ghcr.io/goauthentik/server:2026.2.2"
          args  = ["server"]
          resources {
            limits = { memory = var.memory }
          }
          env {
            name  = "AUTHENTIK_WEB__WORKERS"
            value = "9"
          }
          env {
            name  = "AUTHENTIK_REDIS__HOST"
            value = "redis"
          }
        }
      }
    }
  }
}

variable "memory" {
  type = string
}
