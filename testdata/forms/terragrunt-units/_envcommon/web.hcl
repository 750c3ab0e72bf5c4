# What all environments of `web` share.
locals {
  environment = read_terragrunt_config(find_in_parent_folders("environment.hcl"))
  image       = "registry.example/web:1.4.2"
}

terraform {
  source = "${get_repo_root()}/modules//web"
}

inputs = {
  image    = local.image
  replicas = local.environment.locals.replicas
}
