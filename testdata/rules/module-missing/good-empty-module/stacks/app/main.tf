module "notes" {
  source = "./notes"
}
