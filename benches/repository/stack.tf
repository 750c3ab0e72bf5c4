terraform {
  required_version = ">= 1.6"
  required_providers {
    kubernetes = {
      source  = "hashicorp/kubernetes"
      version = "~> 2.38"
    }
  }
}

variable "replicas" {
  type        = number
  description = "How many pods run."
  default     = 2
}

variable "image_tag" {
  type        = string
  description = "The tag of the image."
}

locals {
  name      = "app-NUMBER"
  namespace = "apps-NUMBER"
  labels = {
    "app.kubernetes.io/name"       = local.name
    "app.kubernetes.io/managed-by" = "terraform"
  }
  environment = {
    LOG_LEVEL   = "info"
    DATABASE    = "postgresql://pgbouncer.${local.namespace}:6432/app"
    PUBLIC_HOST = format("%s.example.org", local.name)
  }
}

resource "kubernetes_namespace_v1" "this" {
  metadata {
    name = local.namespace
  }
}

module "app" {
  source = "./modules/app"

  name        = local.name
  namespace   = kubernetes_namespace_v1.this.metadata[0].name
  labels      = local.labels
  replicas    = var.replicas
  image       = "registry.example.org/team/app:${var.image_tag}"
  environment = local.environment
  memory      = "512Mi"
}

output "service" {
  value = module.app.service
}
