include "root" {
  path = find_in_parent_folders("root.hcl")
}

include "shared" {
  path = "../../_envcommon/web.hcl"
}

inputs = {
  database = "db.stage.example"
  memory   = "64MB"
  labels   = { owner = "nobody" }
}
