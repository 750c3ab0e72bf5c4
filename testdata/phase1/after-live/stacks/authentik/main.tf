variable "cluster_domain" { type = string }
variable "database_host" { type = string }
variable "pgbouncer_image" { type = string }

data "vault_kv_secret_v2" "authentik" {
  mount = "kv"
  name  = "authentik"
}

module "authentik" {
  source = "./modules/authentik"

  tier              = local.tiers.cluster
  domain            = var.cluster_domain
  database_host     = var.database_host
  pgbouncer_image   = var.pgbouncer_image
  postgres_password = data.vault_kv_secret_v2.authentik.data["postgres_password"]
  secret_key        = data.vault_kv_secret_v2.authentik.data["secret_key"]
}
