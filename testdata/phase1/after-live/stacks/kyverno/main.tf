module "governance" {
  source = "./modules/governance"
  tier   = local.tiers.cluster
}
