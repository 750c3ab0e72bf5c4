locals {
  pgbouncer_labels = {
    app = "pgbouncer"
  }
}

resource "kubernetes_config_map" "pgbouncer" {
  metadata {
    name      = "pgbouncer-config"
    namespace = kubernetes_namespace.authentik.metadata[0].name
  }
  data = {
    "pgbouncer.ini" = templatefile("${path.module}/pgbouncer.ini", {
      database_host = var.database_host
    })
  }
}

resource "kubernetes_secret" "pgbouncer" {
  metadata {
    name      = "pgbouncer-userlist"
    namespace = kubernetes_namespace.authentik.metadata[0].name
  }
  data = {
    "userlist.txt" = "\"authentik\" \"${var.postgres_password}\"\n"
  }
}

resource "kubernetes_deployment" "pgbouncer" {
  metadata {
    name      = "pgbouncer"
    namespace = kubernetes_namespace.authentik.metadata[0].name
    labels    = local.pgbouncer_labels
  }
  spec {
    replicas = var.pgbouncer_replicas
    selector {
      match_labels = local.pgbouncer_labels
    }
    template {
      metadata {
        labels = local.pgbouncer_labels
      }
      spec {
        affinity {
          pod_anti_affinity {
            required_during_scheduling_ignored_during_execution {
              label_selector {
                match_expressions {
                  key      = "component"
                  operator = "In"
                  values   = ["server"]
                }
              }
              topology_key = "kubernetes.io/hostname"
            }
          }
        }
        container {
          name  = "pgbouncer"
          image = var.pgbouncer_image
          port {
            container_port = 6432
          }
          resources {
            requests = {
              cpu    = "50m"
              memory = "128Mi"
            }
            limits = {
              memory = "512Mi"
            }
          }
          readiness_probe {
            tcp_socket {
              port = 6432
            }
            initial_delay_seconds = 5
            period_seconds        = 10
            timeout_seconds       = 3
            failure_threshold     = 3
          }
          liveness_probe {
            tcp_socket {
              port = 6432
            }
            initial_delay_seconds = 30
            period_seconds        = 30
            timeout_seconds       = 5
            failure_threshold     = 3
          }
          env {
            name  = "DATABASES_AUTHENTIK"
            value = "host=${var.database_host} port=5432 dbname=authentik"
          }
          volume_mount {
            name       = "config"
            mount_path = "/etc/pgbouncer/pgbouncer.ini"
            sub_path   = "pgbouncer.ini"
          }
          volume_mount {
            name       = "userlist"
            mount_path = "/etc/pgbouncer/userlist.txt"
            sub_path   = "userlist.txt"
          }
        }
        volume {
          name = "config"
          config_map {
            name = kubernetes_config_map.pgbouncer.metadata[0].name
          }
        }
        volume {
          name = "userlist"
          secret {
            secret_name = kubernetes_secret.pgbouncer.metadata[0].name
          }
        }
      }
    }
  }
  lifecycle {
    # The policy engine sets this on every pod template.
    ignore_changes = [spec[0].template[0].spec[0].dns_config]
  }
}

resource "kubernetes_pod_disruption_budget_v1" "pgbouncer" {
  metadata {
    name      = "pgbouncer"
    namespace = kubernetes_namespace.authentik.metadata[0].name
  }
  spec {
    min_available = 2
    selector {
      match_labels = {
        app = "pgbouncer"
      }
    }
  }
}

resource "kubernetes_service" "pgbouncer" {
  metadata {
    name      = "pgbouncer"
    namespace = kubernetes_namespace.authentik.metadata[0].name
  }
  spec {
    selector = local.pgbouncer_labels
    port {
      name        = "postgres"
      port        = 6432
      target_port = 6432
    }
  }
}
