module "other" {
  source = "../../../other"
}
