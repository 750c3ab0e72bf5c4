terraform {
  source = "."

  extra_arguments "size" {
    commands  = ["plan", "apply"]
    arguments = ["-var-file=small.tfvars", "-var", "unused=1"]
    env_vars  = { TF_VAR_replicas = "9" }
  }
}

inputs = {
  replicas = 7
}
