locals {
  name     = "prod"
  replicas = 3
}
