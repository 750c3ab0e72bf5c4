locals {
  charts = {
    traefik        = { repository = "https://traefik.github.io/charts", version = "40.2.0", values = file("traefik.yaml") }
    crowdsec       = { repository = "https://crowdsecurity.github.io/helm-charts", version = "0.21.0", values = file("crowdsec.yaml") }
    cloudflared    = { repository = "https://community-charts.github.io/helm-charts", version = "2.2.16", values = file("cloudflared.yaml") }
    cloudnative-pg = { repository = "https://cloudnative-pg.github.io/charts", version = "0.27.1", values = "replicaCount: 2\n" }
    cluster        = { repository = "https://cloudnative-pg.github.io/charts", version = "0.5.0", values = file("cluster.yaml") }
    redis          = { repository = "oci://registry-1.docker.io/bitnamicharts", version = "20.6.0", values = file("redis.yaml") }
    postgresql     = { repository = "https://charts.bitnami.com/bitnami", version = "16.4.0", values = file("postgresql.yaml") }
  }
}

resource "helm_release" "all" {
  for_each   = local.charts
  name       = each.key
  namespace  = "edge"
  repository = each.value.repository
  chart      = each.key
  version    = each.value.version
  values     = [each.value.values]
}
