resource "kubernetes_config_map_v1" "this" {
  metadata {
    name      = var.name
    namespace = var.namespace
    labels    = var.labels
  }
  data = {
    "app.ini" = file("${path.module}/app.ini")
  }
}

resource "kubernetes_deployment_v1" "this" {
  metadata {
    name      = var.name
    namespace = var.namespace
    labels    = var.labels
  }
  spec {
    replicas = var.replicas
    selector {
      match_labels = { "app.kubernetes.io/name" = var.name }
    }
    template {
      metadata {
        labels = var.labels
        annotations = {
          "checksum/config" = sha256(kubernetes_config_map_v1.this.data["app.ini"])
        }
      }
      spec {
        topology_spread_constraint {
          max_skew           = 1
          topology_key       = "kubernetes.io/hostname"
          when_unsatisfiable = "ScheduleAnyway"
          label_selector {
            match_labels = { "app.kubernetes.io/name" = var.name }
          }
        }
        container {
          name  = "app"
          image = var.image
          dynamic "env" {
            for_each = var.environment
            content {
              name  = env.key
              value = env.value
            }
          }
          port {
            name           = "http"
            container_port = 8080
          }
          readiness_probe {
            http_get {
              path = "/ready"
              port = "http"
            }
            period_seconds = 10
          }
          liveness_probe {
            http_get {
              path = "/live"
              port = "http"
            }
            period_seconds    = 10
            failure_threshold = 6
          }
          resources {
            requests = { cpu = "100m", memory = var.memory }
            limits   = { memory = var.memory }
          }
          volume_mount {
            name       = "config"
            mount_path = "/etc/app"
          }
        }
        volume {
          name = "config"
          config_map {
            name = kubernetes_config_map_v1.this.metadata[0].name
          }
        }
      }
    }
  }
}

resource "kubernetes_pod_disruption_budget_v1" "this" {
  metadata {
    name      = var.name
    namespace = var.namespace
  }
  spec {
    max_unavailable = 1
    selector {
      match_labels = { "app.kubernetes.io/name" = var.name }
    }
  }
}

resource "kubernetes_service_v1" "this" {
  metadata {
    name      = var.name
    namespace = var.namespace
  }
  spec {
    selector = { "app.kubernetes.io/name" = var.name }
    port {
      name        = "http"
      port        = 80
      target_port = "http"
    }
  }
}

output "service" {
  value = "${kubernetes_service_v1.this.metadata[0].name}.${var.namespace}"
}
