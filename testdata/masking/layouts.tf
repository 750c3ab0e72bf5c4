variable "commented" {
  default   = "gone-commented"
  sensitive = true # stays
}
  variable "indented" {
    default = {
      description = "gone-inner"
      type        = "gone-type"
    }
    sensitive = (true)
  }
output "out" {
  sensitive = true
  value     = "gone-output"
}
resource kubernetes_secret "bare" {
  data = merge({ q = "gone-merged" }, { ("r") = base64encode("gone-encoded") })
}
resource "kubernetes_manifest" "secret" {
  manifest = {
    kind       = "Secret"
    metadata   = { name = "stays" }
    stringData = { q = "gone-manifest" }
  }
}
resource "helm_release" "many" {
  name = "stays"
  set_sensitive = [
    { name = "stays.a", value = "gone-set-a" },
    { name = "stays.b", value = "gone-set-b" },
  ]
}
locals {
  marked    = sensitive("gone-marked")
  password  = var.stays == "" ? "gone-arm" : var.stays
  passwords = [
    "gone-item",
  ]
  db_password = join("", [
    "gone-joined",
  ])
  token = file("token.txt")
  inline = { dbs = "stays", commented = "gone-by-name", stays = 1 }
  yaml = yamlencode({
    kind = "Secret"
    data = { q = "gone-yaml" }
  })
  userlist = "\"authentik\" \"gone-userlist\""
}
