resource "kubernetes_config_map_v1" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
  }
  data = {
    "web.conf" = file("${path.module}/web.conf")
  }
}

resource "kubernetes_secret_v1" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
  }
  data = {
    "key.pem" = "not a key"
  }
}

resource "kubernetes_deployment_v1" "web" {
  metadata {
    name      = "web"
    namespace = "shop"
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
        volume {
          name = "config"
          config_map {
            name = kubernetes_config_map_v1.web.metadata[0].name
          }
        }
        volume {
          name = "secret"
          secret {
            secret_name = kubernetes_secret_v1.web.metadata[0].name
          }
        }
        container {
          name  = "web"
          image = "web:1.0.0"
          volume_mount {
            name       = "config"
            mount_path = "/etc/web.conf"
            sub_path   = "web.conf"
          }
          volume_mount {
            name       = "secret"
            mount_path = "/etc/key.pem"
            sub_path   = "key.pem"
          }
        }
      }
    }
  }
}
