include "root" {
  path = find_in_parent_folders()
}

dependency "dbaas" {
  config_path  = "../dbaas"
  skip_outputs = true
}
