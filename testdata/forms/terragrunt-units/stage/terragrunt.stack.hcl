unit "web" {
  source = "../units/web"
  path   = "web"
}
