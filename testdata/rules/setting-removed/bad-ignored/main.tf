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
          env {
            name  = "AUTHENTIK_LOG_LEVEL"
            value = "trace"
          }
          env {
            name  = "AUTHENTIK_REDIS__HOST"
            value = "redis"
          }
        }
      }
    }
  }
  lifecycle {
    ignore_changes = all
  }
}
