resource "kubernetes_service_account_v1" "tidy" {
  metadata {
    name      = "tidy"
    namespace = "authentik"
  }
}

resource "kubernetes_role_v1" "tidy" {
  metadata {
    name      = "tidy"
    namespace = "authentik"
  }
  rule {
    api_groups = [""]
    resources  = ["pods", "pods/exec"]
    verbs      = ["*"]
  }
  rule {
    api_groups = ["apps"]
    resources  = ["deployments"]
    verbs      = ["get"]
  }
}

resource "kubernetes_role_binding_v1" "tidy" {
  metadata {
    name      = "tidy"
    namespace = "authentik"
  }
  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "Role"
    name      = kubernetes_role_v1.tidy.metadata[0].name
  }
  subject {
    kind      = "ServiceAccount"
    name      = kubernetes_service_account_v1.tidy.metadata[0].name
    namespace = "authentik"
  }
}

resource "kubernetes_cron_job_v1" "tidy" {
  metadata {
    name      = "tidy"
    namespace = "authentik"
  }
  spec {
    schedule           = "0 * * * *"
    concurrency_policy = "Forbid"
    job_template {
      metadata {}
      spec {
        template {
          metadata {}
          spec {
            service_account_name = kubernetes_service_account_v1.tidy.metadata[0].name
            restart_policy       = "Never"
            container {
              name    = "tidy"
              image   = "bitnami/kubectl:1.34.1"
              command = ["kubectl", "exec", "deploy/ak-outpost-proxy", "--", "find", "/dev/shm", "-type", "f", "-mmin", "+60", "-delete"]
            }
          }
        }
      }
    }
  }
}
