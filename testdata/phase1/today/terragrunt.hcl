# What every stack includes.

generate "tiers" {
  path      = "tiers.tf"
  if_exists = "overwrite_terragrunt"
  contents  = <<-EOT
    locals {
      tiers = {
        core    = "0-core"
        cluster = "1-cluster"
        gpu     = "2-gpu"
        edge    = "3-edge"
        aux     = "4-aux"
      }
    }
  EOT
}

terraform {
  extra_arguments "config" {
    commands           = get_terraform_commands_that_need_vars()
    required_var_files = ["${get_repo_root()}/config.tfvars"]
  }
}
