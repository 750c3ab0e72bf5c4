variable "plain" {
  default = "stays"
}

variable "hidden" {
  type      = string
  default   = "gone-1"
  sensitive = true
}

variable "hidden_map" {
  sensitive = true
  default = {
    a = "gone-2"
  }
}

resource "kubernetes_secret_v1" "app" {
  metadata {
    name = "stays"
  }
  data = {
    "userlist.txt" = "\"user\" \"gone-3\"\n"
    token          = "gone-4"
    reference      = var.hidden
  }
}

resource "helm_release" "app" {
  name = "stays"
  set_sensitive {
    name  = "stays.too"
    value = "gone-5"
  }
  values = [yamlencode({ authentik = { secret_key = "gone-6", log_level = "stays" }, existingSecret = "stays" })]
}

locals {
  api_token = <<-EOT
    gone-7
  EOT
  url       = "postgres://user:gone-8@host/db"
  command   = ["sh", "-c", "PGPASSWORD=gone-9 psql -h stays"]
  secret_name = "stays"
  password  = var.hidden
  pair      = { name = "APP_PASSWORD", value = "gone-10" }
}
