module "a" {
  source   = "./proxy"
  name     = "a"
  validity = "hours=1"
  minutes  = 60
}

module "b" {
  source   = "./proxy"
  name     = "b"
  validity = "weeks=4"
  minutes  = 40320
}
