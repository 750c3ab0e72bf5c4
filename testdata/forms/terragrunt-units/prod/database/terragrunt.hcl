include "root" {
  path           = find_in_parent_folders("root.hcl")
  merge_strategy = "no_merge"
}

terraform {
  source = "git::https://git.example/modules.git//postgres?ref=v2.1.0"
}
