locals {
  name = "db"
}
