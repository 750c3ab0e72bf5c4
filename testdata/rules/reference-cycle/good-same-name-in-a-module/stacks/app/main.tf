locals {
  a = "app"
}

module "app" {
  source = "./modules/app"
  a      = local.a
}
