terraform {
  extra_arguments "vars" {
    commands           = get_terraform_commands_that_need_vars()
    required_var_files = ["${get_repo_root()}/common.tfvars"]
    optional_var_files = ["${get_terragrunt_dir()}/own.tfvars", "${get_parent_terragrunt_dir()}/nowhere.tfvars"]
  }
}
