variable "replicas" {
  type    = number
  default = 1
  validation {
    condition     = var.replicas > 0
    error_message = "at least one"
  }
}

variable "sizes" {
  type = object({ memory = string, cpu = optional(string, "100m") })
}

variable "teams" {
  type    = list(object({ name = string, on = bool }))
  default = []
}

variable "zones" {
  default = ["a", "b"]
}

locals {
  a = local.b
  b = "${local.c}-chain"
  c = trimspace(file("${path.root}/name.txt"))
}

module "names" {
  source = "./modules/names"
  base   = local.a
}

module "web" {
  for_each = { for team in var.teams : team.name => team if team.on }
  source   = "./modules//web"
  name     = "${module.names.full}-${each.key}"
  replicas = var.replicas
  memory   = var.sizes.memory
  cpu      = var.sizes.cpu
  zones    = var.zones
}

module "unknown" {
  count    = terraform.workspace == "prod" ? 1 : 0
  source   = "./modules/web"
  name     = "only-in-prod"
  replicas = false && var.nowhere ? 9 : 2
  memory   = try(local.nothing.there, "512MB")
  cpu      = coalesce(null, "1")
  zones    = []
}

module "git" {
  source = "git::https://git.example.org/modules.git//web?ref=v1"
}

module "registry" {
  source  = "terraform-aws-modules/eks/aws"
  version = "~> 20.0"
}

moved {
  from = kubernetes_deployment.old
  to   = module.web
}

import {
  id = "default/web"
  to = kubernetes_config_map.imported
}

check "health" {
  assert {
    condition     = true
    error_message = "never"
  }
}
