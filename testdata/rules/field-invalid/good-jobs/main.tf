variable "policy" {
  type = string
}

resource "kubernetes_cron_job_v1" "backup" {
  metadata {
    name      = "backup"
    namespace = "shop"
  }
  spec {
    schedule           = "0 3 * * *"
    concurrency_policy = var.policy
    job_template {
      metadata {}
      spec {
        template {
          metadata {}
          spec {
            container {
              name  = "backup"
              image = "backup:1.0.0"
            }
          }
        }
      }
    }
  }
}
