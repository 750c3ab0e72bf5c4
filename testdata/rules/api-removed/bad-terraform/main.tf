locals {
  policy = "policy/v1beta1"
}

resource "kubernetes_pod_disruption_budget" "web" {
  metadata {
    name = "web"
  }
  spec {
    max_unavailable = "1"
    selector {
      match_labels = { app = "web" }
    }
  }
}

resource "kubernetes_cron_job" "backup" {
  metadata {
    name = "backup"
  }
  spec {
    schedule = "0 3 * * *"
    job_template {
      metadata {}
      spec {
        template {
          metadata {}
          spec {
            container {
              name  = "a"
              image = "a:1.0.0"
            }
          }
        }
      }
    }
  }
}

resource "kubernetes_manifest" "web" {
  manifest = {
    apiVersion = local.policy
    kind       = "PodDisruptionBudget"
    metadata   = { name = "manifest", namespace = "shop" }
    spec       = { maxUnavailable = 1, selector = { matchLabels = { app = "web" } } }
  }
}
