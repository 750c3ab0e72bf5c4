variable "values" { type = list(string) }

resource "kubernetes_deployment_v1" "web" {
  metadata {
    name = "web"
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
        affinity {
          node_affinity {
            required_during_scheduling_ignored_during_execution {
              node_selector_term {
                match_expressions {
                  key      = "zone"
                  operator = "In"
                  values   = var.values
                }
              }
            }
          }
          pod_anti_affinity {
            preferred_during_scheduling_ignored_during_execution {
              weight = 100
              pod_affinity_term {
                topology_key = "kubernetes.io/hostname"
                label_selector {
                  match_expressions {
                    key      = "app"
                    operator = "In"
                    values   = ["web"]
                  }
                }
              }
            }
          }
        }
        topology_spread_constraint {
          topology_key = "zone"
          label_selector {
            match_labels = { app = "web" }
          }
        }
        container {
          name  = "web"
          image = "web:1.0.0"
        }
      }
    }
  }
}
