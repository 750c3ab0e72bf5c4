module "db" {
  source = "./modules/database"
}
