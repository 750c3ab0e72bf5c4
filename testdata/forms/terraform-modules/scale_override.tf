# Merged into the call above: only what is named here changes.
module "web" {
  replicas = local.wanted
}

locals {
  wanted = 5
}
