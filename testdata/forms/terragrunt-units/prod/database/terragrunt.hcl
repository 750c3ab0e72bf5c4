include {
  path           = find_in_parent_folders("root.hcl")
  merge_strategy = "no_merge"
  expose         = true
}

terraform {
  source = "git::https://git.example/modules.git//postgres?ref=v2.1.0-${include.locals.team}"
}
