locals {
  name     = basename(get_terragrunt_dir())
  replicas = 1
}
