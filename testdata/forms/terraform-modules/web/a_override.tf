variable "replicas" {
  default = 1
}

resource "kubernetes_deployment_v1" "web" {
  metadata {
    name      = "web-renamed"
    namespace = "apps"
  }
  lifecycle {
    create_before_destroy = true
  }
}
