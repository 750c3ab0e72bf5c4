include "root" {
  path = find_in_parent_folders("terragrunt.hcl")
}

terraform {
  source = "${get_repo_root()}//modules/web"
}

inputs = {
  name     = get_env("SERVICE_NAME", "läden")
  region   = get_env("REGION")
  replicas = 9
}
