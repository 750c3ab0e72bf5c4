# Included by every unit. The environment's file is looked for from the unit's folder, not from this one.
locals {
  environment = read_terragrunt_config(find_in_parent_folders("environment.hcl"))
  team        = "identity"
  unit        = path_relative_to_include()
}

inputs = {
  namespace = "${local.environment.locals.name}-apps"
  labels = {
    team = local.team
    unit = basename(local.unit)
  }
  zones = ["å"]
}

generate "versions" {
  path      = "versions.tf"
  if_exists = "overwrite_terragrunt"
  contents  = <<-EOT
    locals {
      grace = 30
    }
  EOT
}
