inputs = {
  replicas = 2
  labels   = { from = "root", only = "root" }
}

generate "settings" {
  path      = "settings.tf"
  if_exists = "overwrite"
  contents  = <<EOF
resource "kubernetes_config_map" "settings" {
  metadata { name = "settings-größe" }
  data = { level = "info" }
}
EOF
}
