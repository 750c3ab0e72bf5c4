variable "jobs" {
  type    = map(object({ replicas = optional(number, 2) }))
  default = { sweep = {}, "größe" = { replicas = 4 } }
}

module "web" {
  source   = "./web"
  replicas = 2
}

module "web_elsewhere" {
  source   = "./web"
  count    = var.jobs["sweep"].replicas > 2 ? 1 : 0
  replicas = 3
}

module "jobs" {
  source   = "./jobs"
  for_each = var.jobs
  name     = format("job-%s", each.key == "sweep" ? each.key : "size")
  replicas = each.value.replicas
}

module "json" {
  source = "./json"
}

module "distant" {
  source  = "example/web/kubernetes"
  version = "2.0.0"
}
