variable "entry" {
  type      = string
  default   = "gone-default"
  sensitive = true
}
variable "number" {
  default   = 47110815
  sensitive = true
}
locals {
  copy = var.entry
  wrap = "stays ${local.copy}"
}
resource "kubernetes_config_map" "settings" {
  metadata { name = "stays-settings" }
  data = {
    plain   = local.copy
    in_text = local.wrap
    number  = var.number
    base64  = base64encode(var.entry)
    upper   = upper(var.entry)
    json    = jsonencode({ a = var.entry })
    stays   = "stays"
  }
}
