include "root" {
  path           = find_in_parent_folders("root.hcl")
  expose         = true
  merge_strategy = "deep"
}

include "shared" {
  path   = "${dirname(find_in_parent_folders("root.hcl"))}/_envcommon/web.hcl"
  expose = true
}

dependency "database" {
  config_path = "../database"

  mock_outputs = {
    host = "mock.invalid"
  }
}

locals {
  quota = read_terragrunt_config("quota.hcl", { locals = { memory = "256Mi" } })
  owner = include.root.locals.team
}

inputs = {
  database = dependency.database.outputs.host
  memory   = local.quota.locals.memory
  labels   = { owner = local.owner }
  zones    = [split(":", include.shared.locals.image)[1]]
}
