# A reference ends on its own line, except in brackets.
locals {
  tiers  = { one = 1 }
  within = (local.tiers.
  one)
  broken = local.tiers.
    one
}
