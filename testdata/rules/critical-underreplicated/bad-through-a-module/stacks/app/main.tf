module "pooler" {
  source   = "./modules/pooler"
  replicas = local.replicas
}

locals {
  replicas = "2"
}
